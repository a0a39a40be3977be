/** The Python client, installed from its wheel, against the data plane and the worker as processes. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { clientVenv } from '@/dev/stack/services/python-venv';
import { customerKey } from '@/dev/testing/data-plane';
import { clientFolder, type InstalledClient, installClient } from '@/dev/testing/python/client-package';
import { type Pipeline, startPipeline } from '@/dev/testing/python/pipeline';
import { type ProductProcess, startDataPlane, startWorker } from '@/dev/testing/python/product-process';
import { insertPendingRuns } from '@/dev/testing/runs';
import { createWorld, type World } from '@/dev/testing/world';
import { applyLimits, storedCounter } from '@/lib/domains/quotas/counters';
import { dqResults, runs, stepLogs } from '@/lib/domains/runs/tables';
import { nextUtcMidnight } from '@/lib/platform/clock';
import { db } from '@/lib/platform/db';

const run = promisify(execFile);
const folder = 'lib/edge/v1/workers';
const script = `${folder}/python-pipeline.py`;
const pins = `${folder}/python-client-requirements.txt`;

let tools: string;
let client: InstalledClient;
let dataPlane: ProductProcess;
let worker: ProductProcess;
beforeAll(async () => {
  tools = await clientVenv('tenantry', pins);
  client = await installClient(tools, pins);
  [dataPlane, worker] = await Promise.all([startDataPlane(), startWorker()]);
}, 600_000);
afterAll(async () => {
  client?.remove();
  await Promise.all([dataPlane?.stop(), worker?.stop()]);
}, 60_000);

type Scene = {
  world: World;
  spool: string;
  pipeline: (...args: string[]) => Pipeline;
  example: (name: string) => Pipeline;
};

/** A customer whose pipelines find everything they need in their environment. */
async function openScene(limits = { dailyLimit: 1_000, concurrentLimit: 20 }): Promise<Scene> {
  const world = await createWorld();
  await applyLimits(db(), world.customerId, limits);
  const { text } = await customerKey(world, ['runs:write']);
  const spool = mkdtempSync(join(tmpdir(), 'tenantry-spool-'));
  onTestFinished(() => rmSync(spool, { recursive: true, force: true }));
  // A test that failed may have left it stopped.
  if (dataPlane.hasEnded()) dataPlane = await startDataPlane(dataPlane.port);
  const variables = { TENANTRY_URL: dataPlane.url, TENANTRY_API_KEY: text, TENANTRY_SPOOL_DIR: spool };
  return {
    world,
    spool,
    pipeline: (...args) => startPipeline(client.python, script, args, variables),
    example: name => startPipeline(client.python, `clients/python/examples/${name}`, [], variables),
  };
}

const storedRun = async (id: unknown) =>
  (
    await db()
      .select()
      .from(runs)
      .where(eq(runs.pipelineLoggingId, String(id)))
  )[0];
const storedRuns = ({ world }: Scene) => db().select().from(runs).where(eq(runs.customerId, world.customerId));
const storedSteps = ({ world }: Scene) => db().select().from(stepLogs).where(eq(stepLogs.customerId, world.customerId));
const storedChecks = ({ world }: Scene) =>
  db().select().from(dqResults).where(eq(dqResults.customerId, world.customerId));
const running = async ({ world }: Scene) => (await storedCounter(db(), world.customerId))?.running;

test('its own tests pass, and its types are strict', async () => {
  const typed = await run(tools, ['-m', 'mypy', '--cache-dir', '/dev/null'], { cwd: clientFolder });
  expect(typed.stdout).toContain('Success: no issues found');
  const tested = await run(tools, ['-m', 'pytest', '-p', 'no:cacheprovider'], { cwd: clientFolder });
  expect(tested.stdout).toMatch(/\d+ passed/);
  expect(tested.stdout).not.toMatch(/failed|skipped/);
});

test('its wheel carries its types, and needs httpx alone', async () => {
  const code =
    'import importlib.metadata as m, tenantry, pathlib; print(m.requires("tenantry")[0], ' +
    'pathlib.Path(tenantry.__file__).with_name("py.typed").exists(), m.version("tenantry") == tenantry.__version__)';
  const { stdout } = await run(client.python, ['-c', code]);
  expect(stdout.trim()).toBe('httpx<1,>=0.25 True True');
  expect(client.wheel).toMatch(/^tenantry-[\d.]+-py3-none-any\.whl$/);
});

test('a whole run arrives: steps nested and counted, checks with their status, and a failure with its last line', async () => {
  const scene = await openScene();
  const pipeline = scene.pipeline('whole');
  expect(await pipeline.ended).toBe(0);
  const completed = await storedRun((await pipeline.line('completed')).completed);
  expect(completed).toMatchObject({
    status: 'COMPLETED',
    triggerBy: 'cron 0 2 * * *',
    parameters: { day: '2026-01-31' },
    stepCount: 3,
    checkCount: 2,
    checksFailed: 1,
    rowsProcessed: 1_240,
  });
  const steps = (await storedSteps(scene)).toSorted((a, b) => a.stepIndex - b.stepIndex);
  expect(
    steps.filter(step => step.pipelineLoggingId === completed?.pipelineLoggingId).map(step => step.stepName),
  ).toEqual(['extract', 'page', 'load']);
  expect((await storedChecks(scene)).map(check => check.overallStatus).sort()).toEqual(['FAIL', 'WARNING']);
  const failed = await storedRun((await pipeline.line('failed')).failed);
  expect(failed).toMatchObject({ status: 'FAILED', errorMessage: 'ValueError: boom' });
  expect(steps.find(step => step.pipelineLoggingId === failed?.pipelineLoggingId)).toMatchObject({
    status: 'FAILED',
    errorMessage: 'ValueError: boom',
  });
  expect(readdirSync(scene.spool)).toEqual([]);
});

test('a used-up day says when it starts anew', async () => {
  const scene = await openScene({ dailyLimit: 2, concurrentLimit: 20 });
  await scene.pipeline('whole').ended;
  const midnight = nextUtcMidnight(new Date());
  expect(await scene.pipeline('refused').line('kind')).toMatchObject({
    kind: 'QuotaExceeded',
    limit: 'daily_runs',
    resets_at: midnight.toISOString().replace('.000Z', '+00:00'),
  });
});

test('runs that wait are claimed with their parameters, as soon as they are there', async () => {
  const scene = await openScene();
  const pipeline = scene.pipeline('claim', '2');
  const [first] = await insertPendingRuns(scene.world, 1, { parameters: { day: '2026-02-01' } });
  expect(await pipeline.line('claimed')).toEqual({
    claimed: first?.pipelineLoggingId,
    parameters: { day: '2026-02-01' },
  });
  await insertPendingRuns(scene.world, 1);
  expect(await pipeline.ended).toBe(0);
  expect((await storedRuns(scene)).map(each => [each.status, each.stepCount])).toEqual(Array(2).fill(['COMPLETED', 1]));
});

test('a run that somebody cancels ends as CANCELLED between two of its steps', async () => {
  const scene = await openScene();
  const pipeline = scene.pipeline('until_cancelled');
  const { run: runId } = await pipeline.line('run');
  const { text } = await customerKey(scene.world);
  const headers = { authorization: `Bearer ${text}` };
  const asked = performance.now();
  await fetch(`${dataPlane.url}/v1/runs/${runId}/cancel`, { method: 'POST', headers });
  expect(await pipeline.ended).toBe(0);
  console.log(
    `cancelled ${((performance.now() - asked) / 1000).toFixed(1)} s after it was asked for, under a lease of 10 s`,
  );
  expect(await storedRun(runId)).toMatchObject({ status: 'CANCELLED' });
  expect((await storedSteps(scene)).map(step => step.status)).not.toContain('RUNNING');
});

test('a worker that is asked to end by SIGTERM fails its run and its step at once, where it makes an exit of it', async () => {
  const scene = await openScene();
  const pipeline = scene.pipeline('steady', '1', '60');
  const { run: runId } = await pipeline.line('run');
  const states = async () => (await storedSteps(scene)).map(step => step.status);
  await expect.poll(states, { timeout: 20_000 }).toEqual(['RUNNING']);
  pipeline.kill('SIGTERM');
  expect(await pipeline.ended).toBe(143);
  expect(await storedRun(runId)).toMatchObject({ status: 'FAILED', errorMessage: 'SystemExit: 143' });
  expect(await storedSteps(scene)).toMatchObject([{ status: 'FAILED', errorMessage: 'SystemExit: 143' }]);
});

test('its examples run: a daily pipeline within the quota and beyond it, and a worker that claims until SIGTERM', async () => {
  const scene = await openScene({ dailyLimit: 2, concurrentLimit: 20 });
  expect(await scene.example('daily_pipeline.py').ended).toBe(0);
  await insertPendingRuns(scene.world, 1, { pipelineId: 'gcp_billing_daily' });
  const worker = scene.example('claiming_worker.py');
  const completed = async () => (await storedRuns(scene)).filter(({ status }) => status === 'COMPLETED').length;
  await expect.poll(completed, { timeout: 20_000, interval: 200 }).toBe(2);
  worker.kill('SIGTERM');
  expect(await worker.ended).toBe(143);
  const refused = scene.example('daily_pipeline.py');
  expect(await refused.ended).toBe(75);
  expect(refused.log()).toMatch(/^All 2 runs of today are used\. .* Again from \d{4}-/);
});

test('nothing is lost where the data plane is killed in mid-run and comes back after 30 s', async () => {
  const scene = await openScene();
  const pipeline = scene.pipeline('steady', '80', '0.5');
  const { run: runId } = await pipeline.line('run');
  await sleep(3_000);
  await dataPlane.stop('SIGKILL');
  await sleep(30_000);
  const before = (await storedSteps(scene)).length;
  dataPlane = await startDataPlane(dataPlane.port);
  await pipeline.line('left');
  expect(await pipeline.ended).toBe(0);
  const [steps, checks] = [await storedSteps(scene), await storedChecks(scene)];
  console.log(`30 s without a data plane: ${before} steps stored when it came back, ${steps.length} of 80 in the end`);
  expect(new Set(steps.map(step => step.stepName)).size).toBe(80);
  expect(steps.length).toBe(80);
  expect(steps.every(step => step.status === 'COMPLETED' && step.rowsProcessed === step.stepIndex)).toBe(true);
  expect(checks.length).toBe(80);
  expect(await storedRun(runId)).toMatchObject({ status: 'COMPLETED', rowsProcessed: (79 * 80) / 2 });
  expect(readdirSync(scene.spool)).toEqual([]);
}, 180_000);

test('a start while the data plane is down takes one run once it is up; a lease that runs out then is told once', async () => {
  const scene = await openScene();
  const { port } = dataPlane;
  await dataPlane.stop('SIGKILL');
  const pipeline = scene.pipeline('steady', '60', '0.5', '10');
  await sleep(3_000);
  dataPlane = await startDataPlane(port);
  const { run: runId } = await pipeline.line('run');
  await dataPlane.stop('SIGKILL');
  await expect.poll(async () => (await storedRun(runId))?.status, { timeout: 30_000, interval: 500 }).toBe('FAILED');
  dataPlane = await startDataPlane(port);
  expect(await pipeline.ended).toBe(0);
  expect(await storedRuns(scene)).toMatchObject([
    { leaseExpired: true, status: 'FAILED', stepCount: 60, checkCount: 60 },
  ]);
  expect(pipeline.log().match(/lease ran out/g)).toHaveLength(1);
  expect((await storedCounter(db(), scene.world.customerId))?.runsToday).toBe(1);
}, 180_000);

test('of a worker that is killed five times every report is stored once, every run ends, and no slot stays taken', async () => {
  const scene = await openScene();
  const said: Record<string, unknown>[] = [];
  let mostLeft = 0;
  for (let kill = 0; kill < 5; kill++) {
    const pipeline = scene.pipeline('endless');
    await pipeline.line('run');
    // Every other time the data plane is away when the worker dies.
    const isAway = kill % 2 === 1;
    await sleep(Math.random() * 2_000);
    if (isAway) await dataPlane.stop('SIGKILL');
    await sleep(Math.random() * 1_000);
    pipeline.kill();
    expect(await pipeline.ended).toBe('SIGKILL');
    said.push(...pipeline.lines);
    mostLeft = Math.max(mostLeft, readdirSync(scene.spool).length);
    if (isAway) dataPlane = await startDataPlane(dataPlane.port);
  }
  const flushed = await scene.pipeline('flush').line('flushed');
  expect(flushed.flushed).toBe(true);
  expect(readdirSync(scene.spool)).toEqual([]);
  const steps = await storedSteps(scene);
  const statusOf = new Map(steps.map(step => [step.stepName, step.status]));
  const checks = (await storedChecks(scene)).map(check => check.targetTable);
  expect(steps.length).toBe(statusOf.size);
  expect(checks.length).toBe(new Set(checks).size);
  expect(said.filter(({ step }) => step && !statusOf.has(String(step)))).toEqual([]);
  expect(said.filter(({ step, status }) => status === 'COMPLETED' && statusOf.get(String(step)) !== status)).toEqual(
    [],
  );
  expect(said.filter(({ check }) => check && !checks.includes(String(check)))).toEqual([]);
  await expect.poll(() => running(scene), { timeout: 40_000, interval: 500 }).toBe(0);
  const ended = await storedRuns(scene);
  for (const { pipelineLoggingId: id, status, leaseExpired } of ended) {
    // A run whose end was reported is COMPLETED, unless its lease ran out before that end arrived.
    expect([id, status]).toEqual([id, leaseExpired ? 'FAILED' : 'COMPLETED']);
  }
  const failed = ended.filter(each => each.status === 'FAILED').length;
  console.log(
    `5 kills: ${ended.length} runs (${failed} FAILED by their lease), ${steps.length} steps and ${checks.length} checks ` +
      `stored once; at most ${mostLeft} files left behind, the last sent in ${flushed.seconds} s; 0 slots taken`,
  );
}, 180_000);
