import { expect, test } from 'vitest';
import { runEvents } from '@/app/(portal)/runs/[id]/_parts/run-events';
import type { RunCheck, RunStep } from '@/lib/domains/runs/reads/run-parts';
import type { Run } from '@/lib/domains/runs/tables';

const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second));

const run = (change: Partial<Run> = {}) =>
  ({
    status: 'FAILED',
    createdAt: at(0),
    startTime: at(2),
    endTime: at(30),
    quotaCharge: 1,
    workerInstance: 'worker-1',
    cancelRequestedAt: null,
    leaseExpired: false,
    origin: 'api',
    orchestrator: null,
    ...change,
  }) as Run;

const step = (index: number, status: RunStep['status'], from: number, to: number | null) =>
  ({
    step_index: index,
    step_name: `s${index}`,
    status,
    start_time: at(from),
    end_time: to === null ? null : at(to),
  }) as RunStep;

const told = { askedBy: 'API key ci', cancelledBy: null, steps: [], checks: [] };
const texts = (change: Parameters<typeof runEvents>[0]) => runEvents(change).map(({ text }) => text);

test('a failed run tells how it went, in time', () => {
  const steps = [step(1, 'FAILED', 5, 20), step(0, 'COMPLETED', 2, 5), step(2, 'SKIPPED', 20, null)];
  const checks = [
    { executed_at: at(18), overall_status: 'FAIL' },
    { executed_at: at(18), overall_status: 'PASS' },
  ] as RunCheck[];
  expect(texts({ ...told, run: run(), steps, checks })).toEqual([
    'Asked for by API key ci',
    'Started on worker-1',
    'Step 1 “s0” started',
    'Step 2 “s1” started',
    'Step 1 “s0” succeeded',
    '2 checks made, 1 failed',
    'Step 2 “s1” failed',
    'Step 3 “s2” was skipped',
    'Failed',
  ]);
});

test('a run that waits has only been asked for; one cancelled before its start never started', () => {
  const waits = run({ status: 'PENDING', endTime: null, quotaCharge: 0, workerInstance: null });
  expect(texts({ ...told, run: waits })).toEqual(['Asked for by API key ci']);
  const given = run({ status: 'CANCELLED', quotaCharge: 0, cancelRequestedAt: at(10), endTime: at(10) });
  expect(texts({ ...told, run: given, cancelledBy: 'Mia' })).toEqual([
    'Asked for by API key ci',
    'Cancellation asked for by Mia',
    'Cancelled',
  ]);
});

test('of many steps only those that failed are told', () => {
  const steps = Array.from({ length: 100 }, (_, index) => step(index, index === 7 ? 'FAILED' : 'COMPLETED', 3, 4));
  expect(texts({ ...told, run: run(), steps }).filter(text => text.startsWith('Step'))).toEqual([
    'Step 8 “s7” started',
    'Step 8 “s7” failed',
  ]);
});

test('an observed run was asked for by nobody: it starts, and ends as its orchestrator says', () => {
  const observed = { origin: 'observed', orchestrator: 'DBT', quotaCharge: 0, workerInstance: null } as const;
  expect(texts({ ...told, run: run(observed), steps: [step(0, 'COMPLETED', 5, 20)] })).toEqual([
    'Started by dbt, reported by API key ci',
    'Step 1 “s0” started',
    'Step 1 “s0” succeeded',
    'Failed',
  ]);
  expect(texts({ ...told, run: run({ ...observed, leaseExpired: true }) }).at(-1)).toBe(
    'Failed: nothing was told of it',
  );
});
