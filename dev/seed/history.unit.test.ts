import { expect, test } from 'vitest';
import { makeHistory } from '@/dev/seed/history';
import { addMovingRuns } from '@/dev/seed/moving-runs';
import { demoPipelines } from '@/dev/seed/pipelines';
import { seededRandom } from '@/dev/seed/random';

const now = new Date('2026-11-21T02:09:14Z');
const make = (seed: number) =>
  makeHistory({ customerId: 'cus_x', random: seededRandom(seed), now, days: 90, dailyLimit: 25, runsToday: 4 });

test('the same seed makes the same history', () => expect(make(7)).toEqual(make(7)));

test('no day has more runs than the limit, and refusals only where the limit was reached', () => {
  const { runs, days } = make(11);
  for (const plan of days) {
    const started = runs.filter(run => run.runDay === plan.day).length;
    expect(started).toBe(plan.runs);
    expect(started).toBeLessThanOrEqual(25);
    if (plan.refused > 0) expect(started).toBe(25);
  }
});

test('nothing ends in the future, starts before it ends, or fails without a reason', () => {
  for (const run of make(13).runs) {
    expect(run.endTime?.getTime()).toBeLessThanOrEqual(now.getTime());
    expect(run.durationMs).toBeGreaterThanOrEqual(0);
    expect(run.status === 'FAILED').toBe(Boolean(run.errorMessage));
  }
});

test('a failed run has one failed step, and the steps after it are skipped', () => {
  const { runs, steps } = make(17);
  const failed = runs.filter(run => run.status === 'FAILED');
  expect(failed.length).toBeGreaterThan(10);
  for (const run of failed) {
    const statuses = steps.filter(step => step.pipelineLoggingId === run.pipelineLoggingId).map(step => step.status);
    expect(statuses.filter(status => status === 'FAILED')).toHaveLength(1);
    expect(statuses.slice(statuses.indexOf('FAILED') + 1).every(status => status === 'SKIPPED')).toBe(true);
  }
});

test('the last 30 days have every pipeline, six kinds of errors, and a table that broke last week and was good before', () => {
  const { runs, checks } = make(20_262);
  const from = new Date(now.getTime() - 30 * 86_400_000);
  const recent = runs.filter(run => run.startTime > from);
  expect(new Set(recent.map(run => run.pipelineId)).size).toBe(demoPipelines.length);
  expect(new Set(runs.map(run => run.errorFingerprint).filter(Boolean)).size).toBeGreaterThanOrEqual(6);
  const broken = checks.filter(check => check.targetTable === 'costs.aws_line_items');
  const week = new Date(now.getTime() - 6 * 86_400_000);
  const failed = (of: typeof broken) => of.filter(check => check.overallStatus === 'FAIL').length / of.length;
  expect(failed(broken.filter(check => check.executedAt > week))).toBeGreaterThan(0.5);
  expect(failed(broken.filter(check => check.executedAt <= week))).toBeLessThan(0.1);
});

test('what moves counts as the product would count it: the running run to today, the waiting one to no day', () => {
  const history = make(7);
  const before = history.days.at(-1)?.runs ?? 0;
  addMovingRuns(history, { customerId: 'cus_x', random: seededRandom(1), now, keys: [], askedBy: 'anna@acme.example' });
  const [running, waiting] = history.runs.slice(-2);
  expect(running).toMatchObject({ status: 'RUNNING', runDay: '2026-11-21', quotaCharge: 1, stepCount: 2 });
  expect(running?.leaseExpiresAt?.getTime()).toBeGreaterThan(now.getTime());
  expect(waiting).toMatchObject({ status: 'PENDING', triggerType: 'retry', origin: 'portal' });
  expect(waiting?.runDay).toBeUndefined();
  expect(history.days.at(-1)?.runs).toBe(before + 1);
  expect(history.runs.find(run => run.pipelineLoggingId === waiting?.rerunOf)?.status).toBe('FAILED');
});
