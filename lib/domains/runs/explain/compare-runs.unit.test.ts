import { expect, test } from 'vitest';
import { type ComparedRun, compareRuns, type StepTotals } from '@/lib/domains/runs/explain/compare-runs';

const step = (name: string, change: Partial<StepTotals> = {}): StepTotals => ({
  name,
  index: 0,
  executions: 1,
  status: 'COMPLETED',
  durationMs: 60_000,
  rows: 1_000,
  ...change,
});

const good: ComparedRun = {
  durationMs: 120_000,
  rows: 2_000,
  configVersion: 'a1b2c3d',
  parameters: { date: '2026-11-20', filters: { region: 'US' }, batch_size: 1000 },
  steps: [step('extract'), step('load')],
  checks: [{ table: 'costs', config: 'nulls', status: 'PASS' }],
};

test('a run like the good one shows no change', () => {
  expect(compareRuns(good, good)).toEqual([]);
  const alike = { ...good, steps: [step('extract', { durationMs: 60_900 }), step('load', { rows: 1_050 })] };
  expect(compareRuns(good, alike)).toEqual([]);
});

test('what broke comes first, then what was changed, then steps by how much slower they are', () => {
  const changes = compareRuns(good, {
    durationMs: 400_000,
    rows: 900,
    configVersion: 'ffff000',
    parameters: { date: '2026-11-21', filters: { region: 'EU' }, batch_size: 1000 },
    steps: [
      step('extract', { durationMs: 90_000 }),
      step('load', { status: 'FAILED', durationMs: 300_000, rows: null }),
      step('notify', { status: 'SKIPPED', durationMs: null, rows: null }),
    ],
    checks: [
      { table: 'costs', config: 'nulls', status: 'FAIL' },
      { table: 'costs', config: 'unique', status: 'PASS' },
    ],
  });
  expect(changes.map(({ kind, subject, before, after }) => [kind, subject, before, after])).toEqual([
    ['step_status', 'load', 'COMPLETED', 'FAILED'],
    ['check', 'nulls on costs', 'PASS', 'FAIL'],
    ['config', null, 'a1b2c3d', 'ffff000'],
    ['parameter', 'date', '"2026-11-20"', '"2026-11-21"'],
    ['parameter', 'filters.region', '"US"', '"EU"'],
    ['step_new', 'notify', null, 'SKIPPED'],
    ['duration', null, 120_000, 400_000],
    ['duration', 'load', 60_000, 300_000],
    ['duration', 'extract', 60_000, 90_000],
    ['rows', null, 2_000, 900],
  ]);
});

test('a step that was skipped took no other time: that it was skipped is all that is told of it', () => {
  const skipped = step('load', { status: 'SKIPPED', durationMs: 0, rows: null });
  const changes = compareRuns(good, { ...good, steps: [step('extract'), skipped] });
  expect(changes.map(({ kind, subject, after }) => [kind, subject, after])).toEqual([
    ['step_status', 'load', 'SKIPPED'],
  ]);
});

test('slower steps come before faster ones, and a step that is not there any more is said', () => {
  const changes = compareRuns(
    { ...good, steps: [step('a'), step('b'), step('c'), step('d')] },
    {
      ...good,
      steps: [step('a', { durationMs: 1_000 }), step('b', { durationMs: 70_000 }), step('c', { durationMs: 130_000 })],
    },
  );
  expect(changes.map(({ kind, subject, isWorse }) => [kind, subject, isWorse])).toEqual([
    ['step_missing', 'd', true],
    ['duration', 'c', true],
    ['duration', 'b', true],
    ['duration', 'a', false],
  ]);
});

test('a check that was failing already is no change, one that passes again is', () => {
  const failing = { table: 'costs', config: 'nulls', status: 'FAIL' } as const;
  expect(compareRuns({ ...good, checks: [failing] }, { ...good, checks: [{ ...failing }] })).toEqual([]);
  expect(compareRuns({ ...good, checks: [failing] }, good)).toEqual([
    { kind: 'check', subject: 'nulls on costs', before: 'FAIL', after: 'PASS', isWorse: false },
  ]);
});

test('parameters that were added, taken away, or are no object are told', () => {
  const parameters = (before: unknown, after: unknown) =>
    compareRuns({ ...good, parameters: before }, { ...good, parameters: after }).map(change => [
      change.subject,
      change.before,
      change.after,
    ]);
  expect(parameters(null, { a: 1 })).toEqual([['a', null, '1']]);
  expect(parameters({ a: { b: [] } }, {})).toEqual([['a.b', '[]', null]]);
  expect(parameters(null, {})).toEqual([]);
  expect(parameters([1], [2])).toEqual([['(all)', '[1]', '[2]']]);
});
