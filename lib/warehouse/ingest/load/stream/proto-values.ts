/** Values of rows as proto2 has them, from their JSON text; each throws where the text is no such value. */
import type protobuf from 'protobufjs/minimal.js';

type Int64 = Parameters<protobuf.Writer['int64']>[0];

/** A text without its quotes; anything else as it is written. */
export function textOf(json: string): string {
  if (!json.startsWith('"')) return json;
  return json.includes('\\') ? (JSON.parse(json) as string) : json.slice(1, -1);
}

/** All 64 bits; a number alone would lose those beyond 2^53. */
function exact(value: bigint): Int64 {
  const bits = BigInt.asUintN(64, value);
  if (BigInt.asIntN(64, value) !== value) throw new RangeError('not within 64 bits');
  return { low: Number(bits & 0xffff_ffffn), high: Number(bits >> 32n), unsigned: false } as Int64;
}

export function int64Of(json: string): Int64 {
  const text = textOf(json);
  if (!/^-?\d+$/.test(text)) throw new TypeError('no whole number');
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : exact(BigInt(text));
}

export function doubleOf(json: string): number {
  const value = Number(textOf(json));
  if (Number.isNaN(value)) throw new TypeError('no number');
  return value;
}

/** An instant's microseconds since 1970; what is finer is cut off. */
export function microsecondsOf(json: string): Int64 {
  const [, start = '', fraction = '', zone = ''] =
    /^(\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?)(?:\.(\d{1,9}))?(Z|[+-]\d\d:?\d\d)$/.exec(textOf(json)) ?? [];
  const ms = Date.parse(`${start}${zone}`);
  if (Number.isNaN(ms)) throw new TypeError('no instant');
  const value = BigInt(ms) * 1_000n + BigInt(fraction.slice(0, 6).padEnd(6, '0'));
  return exact(value);
}

/** A day's number since 1970-01-01. */
export function dayOf(json: string): number {
  const text = textOf(json);
  const ms = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== text) throw new TypeError('no day');
  return ms / 86_400_000;
}
