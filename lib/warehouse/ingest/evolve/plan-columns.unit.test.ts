import { describe, expect, test } from 'vitest';
import type { ColumnType } from '@/lib/warehouse/ingest/column-types';
import { type PlanLimits, planColumns } from '@/lib/warehouse/ingest/evolve/plan-columns';

const free: PlanLimits = { maxColumns: 2_000, newColumns: 500, allowed: new Set(), mayRewrite: true };
const none = { base: new Set<string>(), fixed: new Set<string>() };
const plan = (have: string | null, values: ColumnType[], limits: Partial<PlanLimits> = {}) =>
  planColumns(have ? [{ name: 'c', type: have }] : [], new Map([['c', values]]), { ...free, ...none, ...limits });

/** What a column becomes, and how, when values of these types come. */
const cases: [have: string | null, values: ColumnType[], becomes: string][] = [
  [null, ['INT64'], 'add INT64'],
  [null, ['TIMESTAMP'], 'add TIMESTAMP'],
  [null, ['BOOL'], 'add BOOL'],
  [null, ['INT64', 'FLOAT64'], 'add FLOAT64'],
  [null, ['FLOAT64', 'INT64'], 'add FLOAT64'],
  [null, ['INT64', 'FLOAT64', 'STRING'], 'add STRING'],
  [null, ['TIMESTAMP', 'STRING'], 'add STRING'],
  [null, ['BOOL', 'INT64'], 'add STRING'],
  ['STRING', ['INT64', 'BOOL', 'TIMESTAMP', 'FLOAT64'], 'as it is'],
  ['FLOAT64', ['INT64'], 'as it is'],
  ['INT64', ['FLOAT64'], 'widen INT64 FLOAT64'],
  ['INT64', ['FLOAT64', 'STRING'], 'rewrite INT64 STRING'],
  ['INT64', ['STRING', 'FLOAT64'], 'rewrite INT64 STRING'],
  ['INT64', ['BOOL'], 'rewrite INT64 STRING'],
  ['FLOAT64', ['TIMESTAMP'], 'rewrite FLOAT64 STRING'],
  ['TIMESTAMP', ['STRING'], 'rewrite TIMESTAMP STRING'],
  ['BOOL', ['INT64'], 'rewrite BOOL STRING'],
  // Columns made by hand, in types that we do not make.
  ['NUMERIC', ['INT64'], 'as it is'],
  ['NUMERIC', ['FLOAT64'], 'widen NUMERIC FLOAT64'],
  ['NUMERIC', ['STRING'], 'rewrite NUMERIC STRING'],
  ['DATE', ['STRING'], 'as it is'],
  ['DATE', ['INT64'], 'as it is'],
  ['JSON', ['BOOL', 'STRING'], 'as it is'],
  ['RECORD', ['STRING'], 'as it is'],
];

describe('what a column becomes', () => {
  test.each(cases)('%s with %s: %s', (have, values, becomes) => {
    const { add, widen, rewrite } = plan(have, values);
    const told = [
      ...add.map(({ type }) => `add ${type}`),
      ...widen.map(({ from, to }) => `widen ${from} ${to}`),
      ...rewrite.map(({ from, to }) => `rewrite ${from} ${to}`),
    ];
    expect(told.join() || 'as it is').toBe(becomes);
  });
});

test('where the table cannot be written anew a column becomes what it can in place', () => {
  expect(plan('INT64', ['STRING', 'FLOAT64'], { mayRewrite: false })).toMatchObject({
    widen: [{ name: 'c', from: 'INT64', to: 'FLOAT64' }],
    rewrite: [],
  });
});

test('a table that is written anew gets all its new types at once, and one with many to widen is written anew', () => {
  const live = ['a', 'b', 'c', 'd'].map(name => ({ name, type: 'INT64' }));
  const wanted = (types: ColumnType[]) => new Map(live.map(({ name }, index) => [name, [types[index] as ColumnType]]));
  const rules = { ...free, ...none };
  expect(planColumns(live, wanted(['FLOAT64', 'STRING', 'INT64', 'INT64']), rules)).toMatchObject({
    widen: [],
    rewrite: [
      { name: 'a', to: 'FLOAT64' },
      { name: 'b', to: 'STRING' },
    ],
  });
  const four = wanted(['FLOAT64', 'FLOAT64', 'FLOAT64', 'FLOAT64']);
  expect(planColumns(live, four, rules).rewrite).toHaveLength(4);
  expect(planColumns(live, four, { ...rules, mayRewrite: false }).widen).toHaveLength(4);
});

test('names are one whatever their case, and a column keeps the name that it has', () => {
  const live = [{ name: 'Price', type: 'INT64' }];
  expect(planColumns(live, new Map([['price', ['FLOAT64']]]), { ...free, ...none })).toMatchObject({
    add: [],
    widen: [{ name: 'Price' }],
  });
});

test('the standard columns keep their type, and are made whatever the limits say', () => {
  const rules = { ...free, base: new Set(['sent_at']), fixed: new Set(['sent_at']), maxColumns: 0, newColumns: 0 };
  expect(planColumns([], new Map([['sent_at', ['TIMESTAMP']]]), rules).add).toHaveLength(1);
  expect(planColumns([{ name: 'sent_at', type: 'TIMESTAMP' }], new Map([['sent_at', ['STRING']]]), rules)).toEqual({
    add: [],
    widen: [],
    rewrite: [],
    leftOut: new Map(),
  });
});

/** Columns `a` to `d` come to a table of two. */
const limited: [limits: Partial<PlanLimits>, made: string, leftOut: string][] = [
  [{}, 'abcd', ''],
  [{ newColumns: 2 }, 'ab', 'c column_burst, d column_burst'],
  [{ newColumns: -5 }, '', 'a column_burst, b column_burst, c column_burst, d column_burst'],
  [{ maxColumns: 5 }, 'abc', 'd column_budget'],
  [{ newColumns: 1, allowed: new Set(['c', 'd']) }, 'acd', 'b column_burst'],
  [{ maxColumns: 2, allowed: new Set(['d']) }, 'd', 'a column_budget, b column_budget, c column_budget'],
];
test.each(limited)('with %o come %s', (limits, made, leftOut) => {
  const live = ['x', 'y'].map(name => ({ name, type: 'STRING' }));
  const wanted = new Map([...'abcd'].map(name => [name, ['INT64' as const]]));
  const planned = planColumns(live, wanted, { ...free, ...none, ...limits });
  expect(planned.add.map(({ name }) => name).join('')).toBe(made);
  expect([...planned.leftOut].map(([name, reason]) => `${name} ${reason}`).join(', ')).toBe(leftOut);
});

const names: [name: string, problem: string | null][] = [
  ['price', null],
  ['_price_2', null],
  ['n'.repeat(300), null],
  ['n'.repeat(301), 'name_too_long'],
  ['', 'reserved_name'],
  ['2nd', 'reserved_name'],
  ['with space', 'reserved_name'],
  ['_TABLE_SUFFIX', 'reserved_name'],
  ['_file_name', 'reserved_name'],
  ['_partitiontime', 'reserved_name'],
  ['_ROW_TIMESTAMP_x', 'reserved_name'],
  ['__ROOT__x', 'reserved_name'],
  ['_colidentifier_1', 'reserved_name'],
  ['_CHANGE_TYPE', 'reserved_name'],
  ['_changed', null],
];
test.each(names)('a column named %s: %s', (name, problem) => {
  const { leftOut } = planColumns([], new Map([[name, ['INT64']]]), { ...free, ...none });
  expect(leftOut.get(name) ?? null).toBe(problem);
});
