/** Every field of a record with every odd value, in each form: no answer is a 5xx, what is refused is named alone, and all others are taken. */
import { beforeAll, describe, expect, test } from 'vitest';
import { caller, customerKey } from '@/dev/testing/data-plane';
import { long, raws, values as shared } from '@/dev/testing/odd-input';
import { keptTraces } from '@/dev/testing/traces/kept';
import { createWorld, type World } from '@/dev/testing/world';
import { documentForm } from '@/lib/domains/traces/normalize/forms/document-form';
import { litellmForm } from '@/lib/domains/traces/normalize/forms/litellm-form';
import { spanForm } from '@/lib/domains/traces/normalize/forms/span-form';
import samples from '@/lib/domains/traces/normalize/samples/litellm.json';
import { traceProblems } from '@/lib/domains/traces/rules';
import { app } from '@/lib/edge/v1/app';

const call = caller(async (input, init) => app.fetch(new Request(input as string, init)));
const json = { 'content-type': 'application/json' };
let world: World;
let key: string;
beforeAll(async () => {
  world = await createWorld();
  key = (await customerKey(world)).text;
});

/** What JSON has no word for: the first two are Python's, the last two nobody's. */
const bare = ['NaN', '-Infinity', 'nan', 'undefined'];
/** Odd values as JSON texts, those included that are no JSON. */
const values = [...shared, '-1e300', '1e-400', '0.1', '253402300800', '"NaN"', '"-5"', '"1e3"', ...bare];
const mark = '"<odd>"';

/** The record with the value at a path; objects on the way are made. */
function withValue(record: object, path: string, value: string): string {
  const copy = structuredClone(record) as Record<string, unknown>;
  const names = path.split('.');
  if (path === '__proto__') return JSON.stringify(copy).replace('{', () => `{"__proto__":${value},`);
  let at = copy;
  for (const name of names.slice(0, -1)) {
    if (typeof at[name] !== 'object' || at[name] === null || Array.isArray(at[name])) at[name] = {};
    at = at[name] as Record<string, unknown>;
  }
  at[names.at(-1) ?? ''] = '<odd>';
  return JSON.stringify(copy).replace(mark, () => value);
}

const at = '2026-03-01T10:00:00Z';
const forms = [
  {
    name: 'the document’s form',
    form: documentForm,
    sound: { timestamp: at, model: 'openai/gpt-4o', tokens_in: 1, tokens_out: 2, latency_ms: 3.5, metadata: {} },
  },
  { name: 'LiteLLM’s form', form: litellmForm, sound: samples['success-openai-gpt-4o'] },
];

type Refused = { index: number; code: string; field: string; message: string };
const pathsOf = ({ places }: typeof documentForm): string[] => [
  ...new Set(Object.values(places).flatMap(of => of.map(({ path }) => path))),
];

/** Sends lines of which every second one is sound; answers what was refused. */
async function expectOddAlone(sound: object, odd: readonly string[]): Promise<void> {
  const lines = odd.flatMap(line => [JSON.stringify(sound), line]);
  const answer = await call('/v1/traces', { method: 'POST', key, body: lines.join('\n'), headers: json });
  expect(answer.status, answer.text.slice(0, 300)).toBe(200);
  const { accepted, refused, refused_count } = answer.json as {
    accepted: number;
    refused: Refused[];
    refused_count: number;
  };
  expect([accepted + refused_count, refused.length]).toEqual([lines.length, refused_count]);
  for (const { index, code, field, message } of refused) {
    expect(index % 2, `${code} ${field} of ${lines[index]?.slice(0, 200)}`).toBe(1);
    expect(traceProblems).toHaveProperty(code, message);
  }
  // What is no JSON is never taken.
  expect(refused.map(({ index }) => index)).toEqual(expect.arrayContaining([lines.length - 3, lines.length - 1]));
}

describe.each(forms)('records in $name', ({ form, sound }) => {
  test('each field with each odd value', async () => {
    for (const path of [...pathsOf(form), 'unknown', '__proto__', 'constructor', 'metadata'])
      await expectOddAlone(
        sound,
        values.map(value => withValue(sound, path, value)),
      );
  }, 60_000);

  test('the same name twice, a record that is no object, one that is very deep, long or wide', async () => {
    const text = JSON.stringify(sound);
    const deep = `${'{"a":'.repeat(4_000)}1${'}'.repeat(4_000)}`;
    const wide = JSON.stringify(Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`k${index}`, index])));
    const odd = [
      `${text.slice(0, -1)},"model":7}`,
      `${text.slice(0, -1)},"tokens_in":-1,"tokens_in":5}`,
      'null',
      '7',
      '"text"',
      '[[]]',
      deep,
      wide,
      withValue(sound, 'messages', deep),
      withValue(sound, 'session_id', JSON.stringify('x'.repeat(10_000_000))),
      text.slice(0, -5),
      'undefined',
    ];
    await expectOddAlone(sound, [...odd, 'NaN', 'Infinity']);
  }, 60_000);
});

test('Python’s bare NaN and Infinity refuse a record where its field is read, and no other of the array', async () => {
  const record = (more: string) => `{"timestamp":"${at}","model":"m","tokens_in":1,${more}}`;
  const records = ['"a":1', '"latency_ms":NaN', '"response":{"logprobs":[-Infinity,NaN]}', '"tokens_out":-Infinity'];
  for (const body of [`[${records.map(record).join(',\n')}]`, records.map(record).join('\n')]) {
    const own = await createWorld();
    const { text: ownKey } = await customerKey(own);
    const answer = await call('/v1/traces', { method: 'POST', key: ownKey, body, headers: json });
    expect(answer.json).toMatchObject({
      accepted: 2,
      refused: [
        { index: 1, code: 'not_a_number', field: 'latency_ms' },
        { index: 3, code: 'not_a_number', field: 'tokens_out' },
      ],
    });
    const { metas } = await keptTraces(own.customerId);
    expect(metas[0]?.refused[0]?.content).toMatch(/"latency_ms":"\(not finite\)"/);
  }
});

test('each attribute of a span with each odd value, in each of OpenTelemetry’s types', async () => {
  const types = ['stringValue', 'intValue', 'doubleValue', 'boolValue', 'arrayValue', 'kvlistValue', 'bytesValue'];
  const start = '1772359200000000000';
  const nameOf = (path: string) => path.replace(/^(?:attributes|resource|span)\./, '');
  const spanWith = (path: string, type: string, value: string): string => {
    const span = {
      traceId: '0af7651916cd43dd8448eb211c80319c',
      spanId: 'b7ad6b7169203331',
      name: 'chat gpt-4o',
      kind: 3,
      startTimeUnixNano: start,
      endTimeUnixNano: start,
      attributes: [
        { key: 'gen_ai.operation.name', value: { stringValue: 'chat' } },
        { key: 'gen_ai.request.model', value: { stringValue: 'gpt-4o' } },
        { key: nameOf(path), value: { [type]: '<odd>' } },
      ],
    };
    return JSON.stringify(span).replace(mark, () => value);
  };
  const ofSpans = pathsOf(spanForm);
  let taken = 0;
  // A value that its type cannot be breaks the body, which is then refused whole: so each of both has one of its own.
  for (const type of types) {
    const some = values.slice(0, -bare.length).filter(value => type === 'stringValue' || value.length < 1_000);
    for (const value of some) {
      const spans = ofSpans.map(path => spanWith(path, type, value));
      const body = `{"resourceSpans":[{"scopeSpans":[{"spans":[${spans.join(',')}]}]}]}`;
      const answer = await call('/v1/traces', { method: 'POST', key, body, headers: json });
      expect([200, 400], `${type} ${value.slice(0, 60)} ${answer.text.slice(0, 300)}`).toContain(answer.status);
      if (answer.status === 200) taken += 1;
    }
  }
  expect(taken).toBeGreaterThan(50);
}, 120_000);

/** A record without anything in it is one of no tokens. */
const isRecord = ([sentence]: (typeof raws)[number]) => ['a list', 'no type', 'two megabytes'].includes(sentence);

test('bodies that are wrong as a whole are refused with a problem, and protobuf of any bytes by a Status', async () => {
  for (const [sentence, type, body] of raws.filter(raw => !isRecord(raw))) {
    const answer = await call('/v1/traces', {
      method: 'POST',
      key,
      body,
      headers: type ? { 'content-type': type } : {},
    });
    expect([400, 415], `${sentence} ${answer.text.slice(0, 300)}`).toContain(answer.status);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
  }
  const bytes = Buffer.from(long);
  for (let length = 0; length < 200; length++) {
    const body = Buffer.from([...bytes.subarray(0, length)].map((byte, index) => (byte * (length + index)) % 256));
    const answer = await call('/v1/traces', {
      method: 'POST',
      key,
      body,
      headers: { 'content-type': 'application/x-protobuf' },
    });
    expect([200, 400], `${length} bytes`).toContain(answer.status);
    expect(answer.headers.get('content-type')).toBe('application/x-protobuf');
  }
});

test('what was taken of it is rows that every reader can parse', async () => {
  const { rows } = await keptTraces(world.customerId);
  expect(rows.length).toBeGreaterThan(1_000);
  for (const row of rows) expect(JSON.stringify(row).isWellFormed()).toBe(true);
});
