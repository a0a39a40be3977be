import { randomInt } from 'node:crypto';
import { expect, test } from 'vitest';
import { documentForm } from '@/lib/domains/traces/normalize/forms/document-form';
import { litellmForm } from '@/lib/domains/traces/normalize/forms/litellm-form';
import { spanForm } from '@/lib/domains/traces/normalize/forms/span-form';
import { normalizeRecord } from '@/lib/domains/traces/normalize/normalize-record';
import { normalizeSpan } from '@/lib/domains/traces/normalize/normalize-span';
import samples from '@/lib/domains/traces/normalize/samples/litellm.json';
import type { Normalized } from '@/lib/domains/traces/normalize/trace-row';
import { type AttributeValue, newSpan } from '@/lib/domains/traces/otlp/span';
import { traceProblems } from '@/lib/domains/traces/rules';
import { tables } from '@/lib/warehouse/rows/metadata';

const facts = { receivedAt: new Date('2026-11-27T12:00:00Z'), repoSlug: 'owner/name' };

let state = randomInt(1, 2 ** 31);
console.log(`seed of the inputs: ${state}`);
/** A random whole number below `most`, repeatable from the seed. */
function random(most: number): number {
  state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9;
  return ((state ^ (state >>> 13)) >>> 0) % most;
}
const oneOf = <Item>(items: readonly Item[]): Item => items[random(items.length)]!;

const deep: unknown = JSON.parse(`${'['.repeat(5_000)}${']'.repeat(5_000)}`);
const odd: readonly unknown[] = [
  null,
  undefined,
  true,
  false,
  0,
  -0,
  1,
  -1,
  1.5,
  200,
  429,
  1e300,
  -1e300,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  2 ** 53,
  Number.MAX_SAFE_INTEGER,
  1_795_745_269.53,
  10n,
  Symbol('odd'),
  () => 1,
  '',
  ' ',
  'text',
  '\u0000',
  '\ud800',
  '\udc00\ud800x',
  '😀'.repeat(300),
  'x'.repeat(10_000),
  '2026-11-27T23:30:00-02:00',
  '99999-01-01',
  'user__account__session_',
  '{"session_id":',
  '{"device_id":"","session_id":""}',
  'git@:',
  '://',
  '....',
  'constructor',
  '__proto__',
  [],
  [[]],
  ['repo:', 'dev:\ud800', null, {}],
  {},
  { a: 1 },
  new Date(Number.NaN),
  new Map(),
  deep,
  JSON.parse('{"__proto__": {"model": "x", "polluted": true}}'),
];

/** Puts a value at a path of the record, making the objects on the way. */
function put(record: Record<string, unknown>, path: readonly string[], value: unknown): void {
  let at = record;
  for (const name of path.slice(0, -1)) {
    if (typeof at[name] !== 'object' || at[name] === null) at[name] = {};
    at = at[name] as Record<string, unknown>;
  }
  try {
    at[path.at(-1)!] = value;
  } catch {
    // What stood there takes no value.
  }
}

type Column = { type: string; mode: string };
const added = new Set(['id', 'loaded_at', 'book_cost_usd', 'price_id']);
const columns: [name: string, column: Column][] = [
  ...Object.entries<Column>(tables.sessions.columns),
  ...Object.entries<Column>(tables.session_details.columns),
].filter(([name]) => !added.has(name));

const isText = (value: unknown): boolean =>
  typeof value === 'string' &&
  value !== '' &&
  value.isWellFormed() &&
  !value.includes('\u0000') &&
  value.length <= 2_100;
const isWhole = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;
const isNumber = (value: unknown): boolean => Number.isFinite(value) && (value as number) >= 0 && !Object.is(value, -0);
const isInstant = (value: unknown): boolean =>
  typeof value === 'string' && /^(19[7-9]|20|210)\d+-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(\+00:00|Z)$/.test(value);

const rules: Record<string, (value: unknown) => boolean> = {
  STRING: isText,
  INT64: isWhole,
  FLOAT64: isNumber,
  BOOL: value => typeof value === 'boolean',
  TIMESTAMP: isInstant,
  DATE: value => typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value),
};

/** Columns of a row that do not fit their tables: type, null where there must be a value, and what no store keeps. */
const misfits = (row: Record<string, unknown>): string[] =>
  columns
    .filter(([name, { type, mode }]) => (row[name] === null ? mode === 'REQUIRED' : !rules[type]!(row[name])))
    .map(([name]) => `${name}: ${JSON.stringify(row[name])}`);

/** Holds for whatever is put in: a row that fits, or known problems; the caller sees what was thrown. */
function check(result: Normalized): boolean {
  if ('problems' in result) {
    expect(result.problems.length).toBeGreaterThan(0);
    expect(result.problems.every(({ code, field }) => code in traceProblems && typeof field === 'string')).toBe(true);
    return false;
  }
  const { row } = result;
  expect(misfits(row)).toEqual([]);
  expect(Object.keys(row).sort()).toEqual([...new Set(columns.map(([name]) => name))].sort());
  expect(row.total_tokens).toBe(row.tokens_in + row.tokens_out);
  expect(row.cache_read_tokens + row.cache_write_tokens + row.cache_write_1h_tokens).toBeLessThanOrEqual(row.tokens_in);
  expect(row.reasoning_tokens).toBeLessThanOrEqual(row.tokens_out);
  expect(row.event_date).toBe(row.timestamp.slice(0, 10));
  return true;
}

const pathsOf = (form: {
  places: Record<string, readonly { path: string }[]>;
  holders: readonly { path: string }[];
}) => [
  ...Object.values(form.places).flatMap(places => places.map(({ path }) => path.replace(/\.[^.]*:$/, ''))),
  ...form.holders.map(({ path }) => path).filter(path => path !== ''),
];

test('whatever stands in the fields of a record, it becomes a row that fits its tables or is refused with a reason', () => {
  const paths = [...pathsOf(litellmForm), ...pathsOf(documentForm), '__proto__', 'constructor', 'messages'];
  let rows = 0;
  for (let round = 0; round < 3_000; round += 1) {
    const record = random(2) ? structuredClone(samples[oneOf(Object.keys(samples) as (keyof typeof samples)[])]) : {};
    for (let changes = random(4); changes >= 0; changes -= 1) put(record, oneOf(paths).split('.'), oneOf(odd));
    if (check(normalizeRecord(record, facts))) rows += 1;
  }
  expect(rows).toBeGreaterThan(300);
  for (const value of odd) check(normalizeRecord(value, facts));
  expect('polluted' in {}).toBe(false);
});

test('whatever stands in the attributes of a span, it becomes a row that fits its tables or is refused with a reason', () => {
  const names = pathsOf(spanForm);
  let rows = 0;
  for (let round = 0; round < 3_000; round += 1) {
    const span = {
      ...newSpan({}),
      startMs: oneOf([0, 1e12, 1_795_745_269_000.25, -1, 1e30, Number.NaN]),
      endMs: 1.8e12,
    };
    span.attributes = { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'm' };
    for (let changes = random(4); changes >= 0; changes -= 1) {
      const [holder, ...name] = oneOf(names).split('.');
      const at = holder === 'resource' ? span.resource : span.attributes;
      at[name.join('.')] = oneOf(odd) as AttributeValue;
    }
    const result = normalizeSpan(span, facts);
    if (result && check(result)) rows += 1;
  }
  expect(rows).toBeGreaterThan(300);
});
