/** JSON whose whole numbers keep their digits: those that a double would round are JSON.rawJSON, which is written as it was read. */
import { randomUUID } from 'node:crypto';

declare global {
  /** Of Node since 21; TypeScript's own library has not got them. */
  interface JSON {
    rawJSON(text: string): { rawJSON: string };
    isRawJSON(value: unknown): boolean;
  }
}

/** Stands before the digits while JSON.parse works; the NUL and the random part are in nobody's text. */
const mark = `\0${randomUUID()}:`;
const markInText = JSON.stringify(mark).slice(0, -1);

/** A string, skipped whole, or a whole number of 16 digits and more. */
const stringOrLongNumber = /"(?:[^"\\]|\\.)*"|(?<![\w.+-])-?[1-9]\d{15,}(?![\d.eE])/g;

/** Far beyond what anybody keeps; JSON.parse itself has no bound, our recursion must. */
const deepest = 500;

/** The value with marked texts replaced by the numbers they stand for. */
function restored(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return value.startsWith(mark) ? JSON.rawJSON(value.slice(mark.length)) : value;
  if (typeof value !== 'object' || value === null) return value;
  if (depth === deepest) throw new SyntaxError('It is nested too deep.');
  const holder = value as Record<string, unknown>;
  for (const name in holder) {
    if (name.startsWith(mark)) throw new SyntaxError('A number is no name.');
    const item = holder[name];
    const kept = restored(item, depth + 1);
    if (kept !== item) holder[name] = kept;
  }
  return value;
}

const [lowest, highest] = [-(2n ** 63n), 2n ** 63n - 1n];

/** Whether a whole number of these digits fits the 64 bits that BigQuery keeps. */
function fits(digits: string): boolean {
  if (digits.length > 20) return false;
  const number = BigInt(digits);
  return number >= lowest && number <= highest;
}

/**
 * As JSON.parse, with digits kept. Of whole numbers beyond 64 bits, which Postgres writes for any large double, `beyond` says
 * whether they are doubles (as from our stores) or kept, to be refused (as from callers). A reviver would be told the digits
 * too, but takes a hundred times as long over a hostile body. Throws SyntaxError.
 */
export function parseJson(text: string, beyond: 'double' | 'kept' = 'double'): unknown {
  if (!/\d{16}/.test(text)) return JSON.parse(text);
  let found = false;
  const marked = text.replace(stringOrLongNumber, token => {
    if (token.startsWith('"') || Number.isSafeInteger(Number(token))) return token;
    if (beyond === 'double' && !fits(token)) return token;
    found = true;
    return `${markInText}${token}"`;
  });
  return found ? restored(JSON.parse(marked)) : JSON.parse(text);
}

/** Whether the value is a whole number that a double cannot hold. */
export const isLongNumber = (value: unknown): value is { rawJSON: string } => JSON.isRawJSON(value);

/** Whether it fits the 64 bits that BigQuery keeps. */
export const fitsInt64 = ({ rawJSON }: { rawJSON: string }): boolean => fits(rawJSON);
