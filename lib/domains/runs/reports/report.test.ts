import { and, eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { checkReport, runInput, stepReport } from '@/dev/testing/quota';
import { insertPendingRuns } from '@/dev/testing/runs';
import { createWorld, type World } from '@/dev/testing/world';
import { readChecks, readSteps } from '@/lib/domains/runs/reports/read-reports';
import { reportChecks, reportSteps } from '@/lib/domains/runs/reports/report';
import { cancelRuns } from '@/lib/domains/runs/start/commands';
import { startRun } from '@/lib/domains/runs/start/reserve';
import { dqResults, type Run, runs, stepLogs } from '@/lib/domains/runs/tables';
import { outbox } from '@/lib/kernel/tables';
import { db } from '@/lib/platform/db';
import { AppError } from '@/lib/platform/errors';
import { newUuid } from '@/lib/platform/ids';

const codeOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'ok',
    error => (error instanceof AppError ? error.code : error),
  );
const begin = async (world: World): Promise<string> => (await startRun(world.system, runInput())).run.pipelineLoggingId;
const storedSteps = (runId: string) => db().select().from(stepLogs).where(eq(stepLogs.pipelineLoggingId, runId));

test('a step reported again is updated, and stays in the partition of its first start', async () => {
  const world = await createWorld();
  const runId = await begin(world);
  const step = stepReport({ status: 'RUNNING', end_time: undefined });
  await reportSteps(world.system, { steps: [step] }, runId);
  const startTime = new Date(Date.parse(step.start_time) + 60_000).toISOString();
  const endTime = new Date(Date.parse(step.start_time) + 90_000).toISOString();
  const ended = { ...step, status: 'COMPLETED', start_time: startTime, end_time: endTime, rows_processed: 9 };
  expect(await reportSteps(world.system, { steps: [ended, stepReport({ step_index: 1 })] }, runId)).toMatchObject({
    stored: 2,
    failed: 0,
  });
  const rows = await storedSteps(runId);
  expect(rows).toHaveLength(2);
  expect(rows.find(row => row.stepLoggingId === step.step_logging_id)).toMatchObject({
    status: 'COMPLETED',
    startTime: new Date(step.start_time),
    endTime: new Date(endTime),
    durationMs: 90_000,
    rowsProcessed: 9,
  });
});

test('a data-quality result sent twice is stored once, as it was first', async () => {
  const world = await createWorld();
  const runId = await begin(world);
  const check = checkReport({});
  expect(await reportChecks(world.system, { dq_results: [check] }, runId)).toMatchObject({ stored: 1 });
  const again = { ...check, expectations_passed: 0 };
  expect(await reportChecks(world.system, { dq_results: [again, checkReport({})] }, runId)).toMatchObject({
    stored: 2,
  });
  const rows = await db().select().from(dqResults).where(eq(dqResults.pipelineLoggingId, runId));
  expect(rows.map(row => row.expectationsPassed)).toEqual([12, 12]);
  expect(rows[0]?.ingestionDate).toBe(check.executed_at.slice(0, 10));
});

test('the answer to a report says whether somebody asked for the end of the run', async () => {
  const world = await createWorld();
  const runId = await begin(world);
  expect(await reportSteps(world.system, { steps: [stepReport({})] }, runId)).toMatchObject({
    cancel_requested: false,
  });
  await cancelRuns(world.as('OWNER'), { pipeline_logging_ids: [runId] });
  expect(await reportSteps(world.system, { steps: [stepReport({})] }, runId)).toMatchObject({ cancel_requested: true });
  expect(await reportChecks(world.system, checkReport({}), runId)).toMatchObject({ cancel_requested: true, stored: 1 });
});

test('nobody can report to another customer’s run, or overwrite another run’s rows', async () => {
  const [owner, stranger] = await Promise.all([createWorld(), createWorld()]);
  const [ownRun, strangeRun] = await Promise.all([begin(owner), begin(stranger)]);
  const [step, check] = [stepReport({}), checkReport({})];
  await reportSteps(owner.system, { steps: [step] }, ownRun);
  await reportChecks(owner.system, { dq_results: [check] }, ownRun);
  expect(await codeOf(reportSteps(stranger.system, { steps: [stepReport({})] }, ownRun))).toBe('not_found');
  expect(await codeOf(reportChecks(stranger.system, { dq_results: [checkReport({})] }, ownRun))).toBe('not_found');
  const changed = { ...step, step_name: 'stolen' };
  const mixed = await reportSteps(stranger.system, { steps: [stepReport({}), changed] }, strangeRun);
  expect(mixed).toMatchObject({ stored: 1, failed: 1, items: [{ status: 200 }, { status: 409, code: 'conflict' }] });
  expect(await codeOf(reportSteps(stranger.system, changed, strangeRun))).toBe('conflict');
  expect(await codeOf(reportChecks(stranger.system, check, strangeRun))).toBe('conflict');
  expect((await storedSteps(ownRun)).map(row => row.stepName)).toEqual([step.step_name]);
  expect(await storedSteps(strangeRun)).toHaveLength(1);
});

const countsOf = async (runId: string) => {
  const [run] = await db().select().from(runs).where(eq(runs.pipelineLoggingId, runId));
  return { steps: run?.stepCount, checks: run?.checkCount };
};
const setRun = (runId: string, columns: Partial<Run>) =>
  db().update(runs).set(columns).where(eq(runs.pipelineLoggingId, runId));

test('a run counts each step and check once, however often it is reported', async () => {
  const world = await createWorld();
  const runId = await begin(world);
  const [one, two, check] = [stepReport({}), stepReport({}), checkReport({})];
  await reportSteps(world.system, { steps: [one] }, runId);
  await reportSteps(world.system, { steps: [one, two] }, runId);
  await reportSteps(world.system, { steps: [one, two] }, runId);
  await reportChecks(world.system, { dq_results: [check] }, runId);
  await reportChecks(world.system, { dq_results: [check, checkReport({})] }, runId);
  expect(await countsOf(runId)).toEqual({ steps: 2, checks: 2 });
});

test('a run keeps 10,000 steps and as many checks; of many reports at once for the last place exactly one is stored', async () => {
  const world = await createWorld();
  const runId = await begin(world);
  const known = stepReport({ status: 'RUNNING', end_time: undefined });
  await reportSteps(world.system, { steps: [known] }, runId);
  await setRun(runId, { stepCount: 9_999, checkCount: 9_999 });
  const attempts = Array.from({ length: 8 }, () => [
    reportSteps(world.system, stepReport({}), runId),
    reportChecks(world.system, checkReport({}), runId),
  ]);
  const codes = await Promise.all(attempts.flat().map(codeOf));
  expect(codes.filter(code => code === 'ok')).toHaveLength(2);
  expect(codes.filter(code => code === 'report_limit_reached')).toHaveLength(14);
  expect(await countsOf(runId)).toEqual({ steps: 10_000, checks: 10_000 });
  expect(await storedSteps(runId)).toHaveLength(2);
  // What is there can still be updated.
  const ended = stepReport({ ...known, status: 'COMPLETED', end_time: known.start_time });
  expect(await codeOf(reportSteps(world.system, { steps: [ended] }, runId))).toBe('ok');
});

test('steps and checks are taken for 24 hours after the run’s end, and refused with the window from then on', async () => {
  const world = await createWorld();
  const runId = await begin(world);
  const hourMs = 3_600_000;
  const endedAgo = (hours: number) =>
    setRun(runId, { status: 'COMPLETED', endTime: new Date(Date.now() - hours * hourMs) });
  await endedAgo(23.9);
  const step = stepReport({});
  expect(await codeOf(reportSteps(world.system, { steps: [step] }, runId))).toBe('ok');
  expect(await codeOf(reportChecks(world.system, { dq_results: [checkReport({})] }, runId))).toBe('ok');
  await endedAgo(24.1);
  await expect(reportSteps(world.system, { steps: [step] }, runId)).rejects.toMatchObject({
    code: 'report_too_late',
    status: 409,
    message: expect.stringContaining('Steps and checks are taken for 24 hours after, until '),
    details: { ended_at: expect.any(String), reports_until: expect.any(String) },
  });
  expect(await codeOf(reportChecks(world.system, { dq_results: [checkReport({})] }, runId))).toBe('report_too_late');
  expect(await countsOf(runId)).toEqual({ steps: 1, checks: 1 });
});

test('a step never goes back: what would do so is refused with its path, alone or in a batch', async () => {
  const world = await createWorld();
  const runId = await begin(world);
  const step = stepReport({ status: 'COMPLETED' });
  await reportSteps(world.system, step, runId);
  const back = { ...step, status: 'RUNNING', end_time: undefined };
  const message = 'This step is COMPLETED and does not become RUNNING. Another try has an id of its own.';
  const refusal = { code: 'step_goes_back', message };
  await expect(reportSteps(world.system, back, runId)).rejects.toMatchObject({
    ...refusal,
    fields: [{ path: 'status' }],
  });
  const batch = await reportSteps(world.system, { steps: [stepReport({}), back] }, runId);
  expect(batch.items[1]).toEqual({
    index: 1,
    id: step.step_logging_id,
    status: 409,
    ...refusal,
    errors: [{ path: 'status', message }],
  });
  expect((await storedSteps(runId)).map(row => row.status)).toEqual(['COMPLETED', 'COMPLETED']);
});

test('of two reports at once of one step, its end wins whichever comes first', async () => {
  const world = await createWorld();
  const runId = await begin(world);
  const steps = Array.from({ length: 10 }, () => stepReport({ status: 'PENDING', end_time: undefined }));
  await reportSteps(world.system, { steps }, runId);
  const reports = steps.flatMap(step => [
    codeOf(reportSteps(world.system, { ...step, status: 'RUNNING' }, runId)),
    codeOf(reportSteps(world.system, { ...step, status: 'FAILED', end_time: step.start_time }, runId)),
  ]);
  for (const code of await Promise.all(reports)) expect(['ok', 'step_goes_back']).toContain(code);
  expect(new Set((await storedSteps(runId)).map(row => row.status))).toEqual(new Set(['FAILED']));
});

test('a viewer may not report', async () => {
  const world = await createWorld();
  const runId = await begin(world);
  expect(await codeOf(reportSteps(world.as('VIEWER'), { steps: [stepReport({})] }, runId))).toBe('forbidden');
});

test('what a worker learns late is added, and what it does not say again stays', async () => {
  const world = await createWorld();
  const runId = await begin(world);
  const bare = stepReport({ status: 'RUNNING', end_time: undefined, rows_processed: undefined, metadata: undefined });
  await reportSteps(world.system, bare, runId);
  await reportSteps(world.system, { ...bare, rows_processed: 7, error_message: 'slow' }, runId);
  await reportSteps(world.system, { ...bare, metadata: { bytes: 5 } }, runId);
  const ended = { ...bare, status: 'COMPLETED', end_time: new Date().toISOString() };
  await reportSteps(world.system, ended, runId);
  await reportSteps(world.system, { ...ended, end_time: undefined }, runId);
  const [row] = await storedSteps(runId);
  expect(row).toMatchObject({
    status: 'COMPLETED',
    endTime: new Date(ended.end_time),
    rowsProcessed: 7,
    errorMessage: 'slow',
    metadata: { bytes: 5 },
  });
  await reportSteps(world.system, { ...ended, rows_processed: 9 }, runId);
  expect((await storedSteps(runId))[0]).toMatchObject({ rowsProcessed: 9, metadata: { bytes: 5 } });
});

const detailsTold = async (runId: string) =>
  (
    await db()
      .select()
      .from(outbox)
      .where(and(eq(outbox.key, runId), eq(outbox.mirror, 'tenant.run_details')))
  ).length;

test('the totals of a run are right after every report, and told once a report that changed them', async () => {
  const world = await createWorld();
  const runId = await begin(world);
  const totals = async () => {
    const [run] = await db().select().from(runs).where(eq(runs.pipelineLoggingId, runId));
    return [run?.stepCount, run?.checkCount, run?.checksFailed, run?.rowsProcessed];
  };
  expect(await totals()).toEqual([0, 0, 0, null]);
  const silent = stepReport({ rows_processed: undefined });
  await reportSteps(world.system, silent, runId);
  expect(await totals()).toEqual([1, 0, 0, null]);
  const [one, two] = [stepReport({ rows_processed: 5 }), stepReport({ rows_processed: 0 })];
  await reportSteps(world.system, { steps: [one, two, stepReport({ status: 'DONE' })] }, runId);
  expect(await totals()).toEqual([3, 0, 0, 5]);
  await reportSteps(world.system, { steps: [{ ...one, rows_processed: 3 }, silent] }, runId);
  expect(await totals()).toEqual([3, 0, 0, 3]);
  const before = await detailsTold(runId);
  await reportSteps(
    world.system,
    { steps: [one, silent].map(step => ({ ...step, rows_processed: undefined })) },
    runId,
  );
  expect(await detailsTold(runId)).toBe(before);
  const failed = { expectations_failed: 1, overall_status: 'FAIL' };
  const checks = [checkReport({}), checkReport(failed), checkReport({ ...failed, overall_status: 'WARNING' })];
  await reportChecks(world.system, { dq_results: checks }, runId);
  await reportChecks(world.system, { dq_results: checks }, runId);
  expect(await totals()).toEqual([3, 3, 1, 3]);
  expect(await detailsTold(runId)).toBe(before + 1);
});

test('totals stay numbers that both stores keep, however many rows the steps claim', async () => {
  const world = await createWorld();
  const runId = await begin(world);
  const steps = Array.from({ length: 20 }, () => stepReport({ rows_processed: Number.MAX_SAFE_INTEGER }));
  expect(await reportSteps(world.system, { steps }, runId)).toMatchObject({ stored: 20 });
  const [run] = await db().select().from(runs).where(eq(runs.pipelineLoggingId, runId));
  expect(run?.rowsProcessed).toBe(Number.MAX_SAFE_INTEGER);
});

test('steps and checks are read back at once, in pages, and only by those who may', async () => {
  const [world, stranger] = await Promise.all([createWorld(), createWorld()]);
  const runId = await begin(world);
  const at = (second: number) => new Date(Date.now() - 60_000 + second * 1_000).toISOString();
  const steps = Array.from({ length: 7 }, (_, n) =>
    stepReport({ start_time: at(n), end_time: at(n), step_name: `s${n}` }),
  );
  const checks = Array.from({ length: 5 }, () => checkReport({ executed_at: at(1) }));
  await reportSteps(world.system, { steps: steps.toReversed() }, runId);
  await reportChecks(world.system, { dq_results: checks }, runId);
  const walk = async <Row>(read: (after?: string) => Promise<{ rows: Row[]; next: string | null }>) => {
    const rows: Row[] = [];
    for (let page = await read(); ; page = await read(page.next)) {
      rows.push(...page.rows);
      if (page.next === null) return rows;
    }
  };
  const page = (after?: string) => ({ limit: 3, ...(after ? { after } : {}) });
  const viewer = world.as('VIEWER');
  const read = await walk(after => readSteps(viewer, page(after), runId));
  expect(read.map(step => step.stepName)).toEqual(steps.map(step => step.step_name));
  const results = await walk(after => readChecks(viewer, page(after), runId));
  expect(results.map(result => result.dqResultId).sort()).toEqual(checks.map(check => check.dq_result_id).sort());
  await expect(readSteps(stranger.system, {}, runId)).rejects.toMatchObject({ code: 'not_found' });
  await expect(readChecks(stranger.system, {}, newUuid())).rejects.toMatchObject({ code: 'not_found' });
  await expect(readSteps(world.system, { after: 'x' }, runId)).rejects.toMatchObject({ code: 'invalid_cursor' });
});

test('a run that waits takes no reports', async () => {
  const world = await createWorld();
  const [run] = await insertPendingRuns(world, 1);
  const id = run?.pipelineLoggingId ?? '';
  expect(await codeOf(reportSteps(world.system, stepReport({}), id))).toBe('run_not_started');
  expect(await codeOf(reportChecks(world.system, { dq_results: [checkReport({})] }, id))).toBe('run_not_started');
});
