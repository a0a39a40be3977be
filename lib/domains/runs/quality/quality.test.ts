import { beforeAll, expect, test } from 'vitest';
import { insertPastChecks, insertPastRuns, mirrorRuns, type PastCheck } from '@/dev/testing/runs';
import { createWorld, type World } from '@/dev/testing/world';
import { matchingTables, readCheckedTables, tablesCsv } from '@/lib/domains/runs/quality/checked-tables';
import { checksCsv, listChecks, listChecksInput } from '@/lib/domains/runs/quality/checks';
import { readTableTrend } from '@/lib/domains/runs/quality/table-trend';
import { readRecent } from '@/lib/domains/runs/reads/recent';
import type { Run } from '@/lib/domains/runs/tables';
import { addDays, utcDay } from '@/lib/platform/clock';

let world: World;
let stranger: World;
let older: Run;
let newer: Run;
const today = utcDay(new Date());
const at = (daysAgo: number, minute = 0) =>
  new Date(Date.parse(`${addDays(today, -daysAgo)}T00:00:00Z`) + minute * 60_000);
const nulls = (rows: number) => [{ expectation: 'not_null', column: 'cost', failed_rows: rows, rows: 100 }];

const past: { of: 'older' | 'newer'; check: PastCheck }[] = [
  // Good for two weeks, broken yesterday and today.
  { of: 'older', check: { targetTable: 'd.costs', executedAt: at(20), overallStatus: 'PASS' } },
  {
    of: 'older',
    check: { targetTable: 'd.costs', executedAt: at(1), overallStatus: 'FAIL', failedExpectations: nulls(3) },
  },
  {
    of: 'newer',
    check: {
      targetTable: 'd.costs',
      executedAt: at(0),
      overallStatus: 'FAIL',
      expectationsPassed: 10,
      expectationsFailed: 2,
      failedExpectations: [...nulls(7), ...nulls(7), 'unique'],
    },
  },
  { of: 'newer', check: { targetTable: 'd.costs', executedAt: at(0), overallStatus: 'PASS', dqConfigId: 'other' } },
  // A suite that failed once and was retired; the other one warned, then passed.
  { of: 'older', check: { targetTable: 'd.labels', executedAt: at(25), overallStatus: 'FAIL', dqConfigId: 'retired' } },
  { of: 'older', check: { targetTable: 'd.labels', executedAt: at(3), overallStatus: 'WARNING' } },
  { of: 'older', check: { targetTable: 'd.labels', executedAt: at(2, 5), overallStatus: 'PASS' } },
  { of: 'older', check: { targetTable: 'd.usage', executedAt: at(2, 9), overallStatus: 'WARNING' } },
  // Not of the last 30 days.
  { of: 'older', check: { targetTable: 'd.forgotten', executedAt: at(30), overallStatus: 'FAIL' } },
];

beforeAll(async () => {
  [world, stranger] = await Promise.all([createWorld(), createWorld()]);
  const run = { pipelineId: 'p', status: 'COMPLETED', durationMs: 1_000 } as const;
  [older, newer] = (await insertPastRuns(world, [
    { ...run, startTime: at(25) },
    { ...run, startTime: at(0) },
  ])) as [Run, Run];
  for (const [of, { pipelineLoggingId }] of Object.entries({ older, newer }))
    await insertPastChecks(
      world,
      pipelineLoggingId,
      past.flatMap(item => (item.of === of ? [item.check] : [])),
    );
  const [foreign] = await insertPastRuns(stranger, [{ ...run, startTime: at(0) }]);
  await insertPastChecks(stranger, foreign?.pipelineLoggingId ?? '', [
    { targetTable: 'd.costs', executedAt: at(0), overallStatus: 'WARNING' },
  ]);
  await mirrorRuns(world, stranger);
}, 120_000);

test('a table stands as the worst last result of its suites says; retired suites and other customers say nothing', async () => {
  const { tables } = await readCheckedTables(world.as('VIEWER'));
  expect(tables.map(({ table, status, suites, passed, failed }) => [table, status, suites, passed, failed])).toEqual([
    ['d.costs', 'FAIL', 2, 22, 2],
    ['d.usage', 'WARNING', 1, 12, 1],
    ['d.labels', 'PASS', 1, 12, 0],
  ]);
  expect(tables[0]).toMatchObject({ runId: newer.pipelineLoggingId, executedAt: at(0), checks: 4, checksFailed: 2 });
  expect((await readCheckedTables(stranger.system)).tables).toMatchObject([{ table: 'd.costs', status: 'WARNING' }]);
  expect((await readCheckedTables((await createWorld()).system)).tables).toEqual([]);
});

test('a day is as bad as its worst check, and a day without one is not measured', async () => {
  const { tables } = await readCheckedTables(world.system);
  const days = tables.map(table => table.days);
  expect(days.map(of => of.length)).toEqual([30, 30, 30]);
  expect(days[0]?.slice(-3)).toEqual([null, 'FAIL', 'FAIL']);
  expect(days[0]?.[9]).toBe('PASS');
  expect(days[2]?.[4]).toBe('FAIL');
  expect(days[2]?.filter(day => day !== null)).toEqual(['FAIL', 'WARNING', 'PASS']);
});

test('tables are found by state, by a part of the name and by having been checked today', async () => {
  const { tables } = await readCheckedTables(world.system);
  const names = (asked: object) => matchingTables(tables, { q: '', ...asked }, today).map(({ table }) => table);
  expect(names({ state: 'failing' })).toEqual(['d.costs']);
  expect(names({ state: 'passing' })).toEqual(['d.labels']);
  expect(names({ q: ' USA' })).toEqual(['d.usage']);
  expect(names({ checked: 'today' })).toEqual(['d.costs']);
  expect(names({ state: 'warning', checked: 'today' })).toEqual([]);
});

const listed = async (asked: object) => (await listChecks(world.system, listChecksInput.parse(asked))).checks;

test('the number of checks and of failed ones in 7 days equals the list of the same days', async () => {
  const { counts } = await readRecent(world.system);
  const week = { from: addDays(today, -6), to: today };
  expect(await listed(week)).toHaveLength(counts.checks);
  expect(await listed({ ...week, status: 'FAIL' })).toHaveLength(counts.checksFailed);
  expect(counts).toMatchObject({ checks: 6, checksFailed: 2 });
});

test('checks come newest first, page by page and none twice, narrowed by table, status and day', async () => {
  const all = await listed({});
  expect(all).toHaveLength(past.length - 1);
  const paged: typeof all = [];
  let after: string | undefined;
  do {
    const page = await listChecks(world.system, listChecksInput.parse({ limit: '3', ...(after ? { after } : {}) }));
    paged.push(...page.checks);
    after = page.nextCursor ?? undefined;
  } while (after);
  expect(paged).toEqual(all);
  expect(all.map(check => check.executed_at.getTime())).toEqual(
    all.map(check => check.executed_at.getTime()).sort((a, b) => b - a),
  );
  const failed = await listed({ status: 'FAIL', table: 'd.costs', from: today, to: today });
  expect(failed).toMatchObject([
    { pipeline_logging_id: newer.pipelineLoggingId, failures: [{ failedRows: 7 }, { expectation: 'unique' }] },
  ]);
  expect(await listed({ to: addDays(today, -30), from: addDays(today, -30) })).toMatchObject([
    { target_table: 'd.forgotten' },
  ]);
  await expect(listed({ after: 'x' })).rejects.toMatchObject({ code: 'invalid_cursor' });
});

test('an expectation’s trend tells when it failed, when it held, and what its last failure says', async () => {
  const { days, expectations } = await readTableTrend(world.as('VIEWER'), 'd.costs');
  expect(days.at(-1)).toEqual({ checks: 2, checksFailed: 1, passed: 22, failed: 2 });
  expect(days.at(-3)).toBeNull();
  expect(expectations).toMatchObject([
    {
      expectation: 'not_null',
      column: 'cost',
      failures: 2,
      last: { runId: newer.pipelineLoggingId, executedAt: at(0), failedRows: 7, rows: 100 },
    },
    { expectation: 'unique', column: null, failures: 1, last: { failedRows: null } },
  ]);
  expect(expectations[1]?.days.slice(-3)).toEqual([null, 'PASS', 'FAIL']);
  expect(expectations[0]?.days.filter(day => day !== null)).toEqual(['PASS', 'FAIL', 'FAIL']);
  const none = await readTableTrend(stranger.system, 'd.labels');
  expect(none.days.every(day => day === null)).toBe(true);
  expect(none.expectations).toEqual([]);
});

test('both files hold what the lists hold, under a head line', async () => {
  const text = async (pieces: AsyncIterable<string>) => (await Array.fromAsync(pieces)).join('').trim().split('\r\n');
  const { tables } = await readCheckedTables(world.system);
  const rows = await text(tablesCsv(tables));
  expect(rows[0]).toMatch(/^target_table,status,executed_at,/);
  expect(rows[1]).toBe(`d.costs,FAIL,${at(0).toISOString()},${newer.pipelineLoggingId},2,22,2,4,2`);
  expect(rows).toHaveLength(4);
  const checks = await text(checksCsv(world.system, listChecksInput.parse({ status: 'FAIL' })));
  expect(checks).toHaveLength(4);
  expect(checks[1]).toContain('not_null');
});
