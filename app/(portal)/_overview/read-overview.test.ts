/** The Overview on real stores: its figures are the runs that happened, and looking again asks BigQuery nothing. */
import { eq } from 'drizzle-orm';
import { beforeAll, expect, test } from 'vitest';
import { allRunsChart } from '@/app/(portal)/_overview/all-runs';
import { type OverviewData, readOverview } from '@/app/(portal)/_overview/read-overview';
import { firstDayOf } from '@/app/(portal)/_runs/run-links';
import { runInput } from '@/dev/testing/quota';
import { insertPastChecks, insertPastRuns } from '@/dev/testing/runs';
import { createWorld, type World } from '@/dev/testing/world';
import { createKey } from '@/lib/domains/keys/commands';
import { listChecks, listChecksInput } from '@/lib/domains/runs/quality/checks';
import { listRuns } from '@/lib/domains/runs/reads/run-list';
import { completeRun } from '@/lib/domains/runs/start/lease';
import { startRun } from '@/lib/domains/runs/start/reserve';
import { runs } from '@/lib/domains/runs/tables';
import { readPerson } from '@/lib/domains/team/membership';
import type { Visitor } from '@/lib/edge/portal/page';
import { type CardData, freshnessOf } from '@/lib/edge/portal/page-card';
import { relayDeps } from '@/lib/edge/worker/mirrors';
import type { Role } from '@/lib/kernel/permissions';
import { db } from '@/lib/platform/db';
import { metrics } from '@/lib/platform/metrics';
import { flushOnce } from '@/lib/warehouse/mirror/relay';

const shown = [
  'customers.customer_usage_quotas',
  'customers.customer_api_keys',
  'tenant.pipeline_runs',
  'tenant.run_details',
  'tenant.dq_results',
  'tenant.api_keys',
];

async function visitorOf(world: World, role: Role): Promise<Visitor> {
  const person = await readPerson(world.members[role].userId);
  const membership = person?.memberships[0];
  if (!person || !membership) throw new Error(`the world has no ${role}`);
  return { session: { person, membership, isStaff: false }, membership, ctx: world.as(role) } as Visitor;
}

function loaded<Data>(card: CardData<Data>): Data {
  if (!card.ok) throw new Error(card.reason);
  return card.data;
}

async function misses(): Promise<number> {
  const { values } = await metrics().queryCache.get();
  return values.filter(({ labels }) => labels.outcome === 'miss').reduce((sum, { value }) => sum + value, 0);
}

const last = (data: OverviewData) => loaded(data.history).days.at(-1);

let world: World;
let owner: Visitor;

beforeAll(async () => {
  world = await createWorld({ plan: 'STARTER' });
  owner = await visitorOf(world, 'OWNER');
  for (const status of ['COMPLETED', 'COMPLETED', 'FAILED', 'CANCELLED', null]) {
    const { run } = await startRun(world.system, runInput());
    if (status) await completeRun(world.system, { status }, run.pipelineLoggingId);
    if (status === 'FAILED')
      await insertPastChecks(world, run.pipelineLoggingId, [
        { targetTable: 'd.costs', executedAt: run.startTime, overallStatus: 'FAIL' },
        { targetTable: 'd.labels', executedAt: run.startTime, overallStatus: 'PASS' },
      ]);
  }
  const inFourDays = new Date(Date.now() + 4.5 * 86_400_000).toISOString();
  await createKey(world.system, { name: 'etl', scopes: ['runs:read'], expires_at: inFourDays });
  await flushOnce(relayDeps(), { mirrors: shown, customers: [world.customerId] });
});

test('every figure is that of the runs that happened', async () => {
  const data = await readOverview(owner, 30);
  expect(data.quota).toMatchObject({ runsToday: 5, dailyLimit: 6, runsMonth: 5, running: 1 });
  expect(last(data)).toMatchObject({
    isToday: true,
    use: { runs: 5, succeeded: 2, failed: 1, cancelled: 1, running: 1, limit: 6 },
  });
  expect(loaded(data.recent).counts).toEqual({ runs: 5, runsFailed: 1, checks: 2, checksFailed: 1 });
  const statuses = loaded(data.latest).rows.map(run => run.status);
  expect(statuses.toSorted()).toEqual(['CANCELLED', 'COMPLETED', 'COMPLETED', 'FAILED', 'RUNNING']);
  expect(
    freshnessOf([data.history, data.recent, data.latest, data.keys].map(card => loaded<never>(card as never))),
  ).toEqual({
    state: 'current',
  });
});

test('a run that failed needs attention, cancelled and finished ones do not', async () => {
  const { attention } = await readOverview(owner, 30);
  const failed = attention.filter(item => item.id.startsWith('run'));
  expect(failed).toHaveLength(1);
  expect(failed[0]).toMatchObject({ tone: 'bad', text: expect.stringMatching(/^Pipeline “[\w.-]+” failed just now$/) });
});

test('the numbers of 7 days equal the lists that they link to', async () => {
  const { recent, quota } = await readOverview(owner, 30);
  const { counts } = loaded(recent);
  const from = firstDayOf(7, quota.day);
  const runs = async (status?: 'FAILED') => (await listRuns(owner.ctx, { from, status })).rows.length;
  const checks = async (asked: object) =>
    (await listChecks(owner.ctx, listChecksInput.parse({ from, ...asked }))).checks.length;
  expect([await runs(), await runs('FAILED')]).toEqual([counts.runs, counts.runsFailed]);
  expect([await checks({}), await checks({ status: 'FAIL' })]).toEqual([counts.checks, counts.checksFailed]);
});

test('a table that fails its checks of today needs attention, one that passes does not', async () => {
  const { attention } = await readOverview(owner, 30);
  expect(attention.filter(item => item.id.startsWith('table'))).toMatchObject([
    { text: 'Table “d.costs” failed 1 of 13 expectations just now', action: { label: 'Open table' } },
  ]);
});

test('what needs attention is told to all, the way to act only to those who may', async () => {
  const { attention } = await readOverview(owner, 30);
  const key = attention.find(item => item.text.startsWith('Key “etl” expires in 4 days'));
  expect(key?.action?.href).toMatch(/^\/keys\/[\w-]+\/rotate$/);
  expect(attention.some(item => item.text === 'More seats used than the plan has: 4 of 2')).toBe(true);
  const seen = await readOverview(await visitorOf(world, 'VIEWER'), 30);
  expect(seen.attention.map(item => item.text)).toEqual(attention.map(item => item.text));
  expect(seen.attention.find(item => item.id === key?.id)?.action).toBeUndefined();
});

test('looking again asks BigQuery nothing', async () => {
  await readOverview(owner, 30);
  const before = await misses();
  await readOverview(owner, 30);
  expect(await misses()).toBe(before);
});

test('the runs of 30 days are those of the list, also where an orchestrator alone started them', async () => {
  const reported = await createWorld();
  const past = [1, 1, 3].map((daysAgo, index) => ({
    pipelineId: 'dbt',
    status: index === 0 ? ('FAILED' as const) : ('COMPLETED' as const),
    startTime: new Date(Date.now() - daysAgo * 86_400_000),
    durationMs: 1_000,
  }));
  await insertPastRuns(reported, past);
  const observed = { origin: 'observed', orchestrator: 'DBT', jobNamespace: 'shop', jobName: 'build' } as const;
  await db().update(runs).set(observed).where(eq(runs.customerId, reported.customerId));
  await flushOnce(relayDeps(), { mirrors: shown, customers: [reported.customerId] });
  const visitor = await visitorOf(reported, 'VIEWER');
  const { history, quota } = await readOverview(visitor, 30);
  expect(quota.runsMonth).toBe(0);
  const chart = allRunsChart(loaded(history).days, loaded(history).observed);
  const listed = await listRuns(visitor.ctx, { from: firstDayOf(30, quota.day) });
  expect(chart.sentence).toBe(`${listed.rows.length} runs, 1 failed. All are observed: they take no quota.`);
  const drawn = chart.points.flatMap(({ values }) => Object.values(values ?? {}));
  expect(drawn.reduce((sum, amount) => sum + amount, 0)).toBe(3);
});

test('a customer without a dataset has no runs yet, and no card fails', async () => {
  const fresh = await createWorld();
  const data = await readOverview(await visitorOf(fresh, 'OWNER'), 30);
  expect(loaded(data.recent).counts).toEqual({ runs: 0, runsFailed: 0, checks: 0, checksFailed: 0 });
  expect(loaded(data.latest).rows).toEqual([]);
  expect(
    loaded(data.history)
      .days.filter(({ use }) => use !== null)
      .map(({ isToday }) => isToday),
  ).toEqual([true]);
});
