/** Jobs of which more is told than is kept. */
import { expect, test } from 'vitest';
import { seeded, shuffledAndRepeated } from '@/dev/testing/lineage/shuffled';
import { boundedJson } from '@/lib/domains/lineage/apply/told-facets';
import { runEventInput } from '@/lib/domains/lineage/input';
import { leftOutOf, mostFacets } from '@/lib/domains/lineage/merge/left-out';
import { jobOf, mergeJobs } from '@/lib/domains/lineage/merge/merge-jobs';
import { mostAssertions } from '@/lib/domains/lineage/merge/most-assertions';
import type { LineageJob } from '@/lib/domains/lineage/tables';

const root = '01a21ac5-0000-7000-8000-000000000001';
const jobWith = (facets: Record<string, unknown>, second = 1): LineageJob =>
  jobOf({
    customerId: 'cus_a',
    rootRunId: root,
    receivedAt: new Date('2026-11-27T02:00:00Z'),
    event: runEventInput.parse({
      eventType: 'RUNNING',
      eventTime: new Date(Date.UTC(2026, 10, 27, 2, 0, second)).toISOString(),
      run: { runId: root, facets },
      job: { namespace: 'n', name: 'j', facets: { sql: { query: 'SELECT 1' } } },
    }),
  });
const many = (count: number, prefix: string, length = (index: number) => index % 50) =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`${prefix}${i}`, { text: 'x'.repeat(length(i)) }]));
const counted = (job: LineageJob) => Object.keys(job.facets).filter(name => name.startsWith('run.')).length;

test('of very many facets the smallest are kept, those with a meaning of their own always, and others are named', () => {
  const job = jobWith({ ...many(20_000, 'f'), errorMessage: { message: 'boom '.repeat(500) } });
  expect(counted(job)).toBe(mostFacets + 1);
  const told = boundedJson(job) as { sql: string; left_out: string[] };
  expect(told.sql).toBe('SELECT 1');
  expect(told.left_out).toHaveLength(50);
  expect(told.left_out.every(name => /^f\d+$/.test(name) && !(name in told))).toBe(true);
});

test('facets of many events are no more than those of one, in any order and however often they come', () => {
  const jobs = Array.from({ length: 6 }, (_, i) =>
    jobWith(
      many(400, `f${i}_`, n => n * 6 + i),
      i + 1,
    ),
  );
  const merged = (of: LineageJob[]) => of.reduce((a, b) => mergeJobs(a, b));
  const expected = merged(jobs);
  expect(counted(expected)).toBe(mostFacets);
  expect(leftOutOf(expected.facets)).toHaveLength(50);
  const random = seeded(5);
  for (let turn = 0; turn < 10; turn++) {
    const mixed = merged(shuffledAndRepeated(jobs, random));
    expect({ ...mixed, facets: new Map(Object.entries(mixed.facets)) }).toEqual({
      ...expected,
      facets: new Map(Object.entries(expected.facets)),
    });
  }
});

test('what is told of a job with very many facets is told at once', () => {
  const facets = Object.entries(many(20_000, 'run.f', () => 32)).map(
    ([name, value]) => [name, { at: '', type: 'START' as const, value }] as const,
  );
  const job = { ...jobWith({}), facets: Object.fromEntries(facets) };
  const began = performance.now();
  expect(Buffer.byteLength(JSON.stringify(boundedJson(job)))).toBeLessThan(262_144);
  expect(performance.now() - began).toBeLessThan(1_000);
});

type Asserted = Record<string, unknown>;
const asserting = (inputs: [name: string, assertions: Asserted[]][], second = 1): LineageJob =>
  jobOf({
    customerId: 'cus_a',
    rootRunId: root,
    receivedAt: new Date('2026-11-27T02:00:00Z'),
    event: runEventInput.parse({
      eventType: 'COMPLETE',
      eventTime: new Date(Date.UTC(2026, 10, 27, 2, 0, second)).toISOString(),
      run: { runId: root },
      job: { namespace: 'n', name: 'j' },
      inputs: inputs.map(([name, assertions]) => ({
        namespace: 'n',
        name,
        inputFacets: { dataQualityAssertions: { assertions } },
      })),
    }),
  });
const passes = (count: number, column: string): Asserted[] =>
  Array.from({ length: count }, (_, index) => ({ assertion: `a${index}`, column, success: true }));
const gathered = (job: LineageJob): number =>
  job.assertions.reduce((sum, { assertions }) => sum + assertions.length, 0);

test('of very many assertions of a dataset the failures are kept first, and it is told how many were left out', () => {
  const began = performance.now();
  const failure = { assertion: 'zzz', success: false };
  const job = asserting([...passes(24_999, 'id'), failure].map(one => ['orders', [one]]));
  expect(performance.now() - began).toBeLessThan(2_000);
  expect(gathered(job)).toBe(mostAssertions.ofDataset);
  expect(job.assertions[0]?.assertions.at(-1)?.value).toEqual(failure);
  expect(boundedJson(job)).toMatchObject({ assertions_left_out: 24_000 });
});

test('assertions of many events are no more than are kept of one job, in any order and however often they come', () => {
  const jobs = Array.from({ length: 8 }, (_, i) => asserting([[`t${i}`, passes(900, 'id')]], i + 1));
  const merged = (of: LineageJob[]) => of.reduce((a, b) => mergeJobs(a, b));
  const expected = merged(jobs);
  expect(gathered(expected)).toBe(mostAssertions.ofJob);
  const random = seeded(3);
  for (let turn = 0; turn < 3; turn++)
    expect(merged(shuffledAndRepeated(jobs, random)).assertions).toEqual(expected.assertions);
  expect(mergeJobs(expected, asserting([['t7', passes(900, 'id')]], 8))).toEqual(expected);
});

test('assertions that are large are kept as far as there is room for them', () => {
  const large = Array.from({ length: 30 }, (_, i) => ({
    assertion: `a${i}`,
    success: false,
    actual: 'x'.repeat(100_000),
  }));
  const job = asserting([['orders', [...large, ...passes(5, 'id')]]]);
  expect(gathered(job)).toBe(24);
  expect(JSON.stringify(job.assertions).length).toBeLessThan(mostAssertions.chars + 50_000);
});
