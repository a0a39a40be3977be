/** A failed run is explained from its steps and checks together. */
import { expect, test } from 'vitest';
import { explainRun } from '@/lib/domains/runs/explain/explain-run';
import type { RunCheck, RunStep } from '@/lib/domains/runs/reads/run-parts';
import type { Run } from '@/lib/domains/runs/tables';

const run = (change: Partial<Run> = {}) =>
  ({
    status: 'FAILED',
    origin: 'api',
    errorMessage: 'the run broke',
    leaseExpired: false,
    leaseSeconds: 900,
    workerInstance: null,
    checkCount: 1,
    checksFailed: 1,
    ...change,
  }) as Run;
const step = (change: Partial<RunStep> = {}) =>
  ({
    step_name: 'load',
    step_type: 'load',
    step_index: 2,
    status: 'FAILED',
    error_message: null,
    parent_name: null,
    ...change,
  }) as RunStep;
const check = (change: Partial<RunCheck> = {}) =>
  ({ overall_status: 'FAIL', dq_config_id: 'load', target_table: 'costs', ...change }) as RunCheck;

test('a run that did not fail has nothing to explain', () => {
  expect(explainRun(run({ status: 'COMPLETED' }), [step()], [], null)).toBeNull();
  expect(explainRun(run({ status: 'RUNNING' }), [], [], null)).toBeNull();
});

test('the step that failed is named, its own words before those of the run, and nothing twice', () => {
  const explained = explainRun(run(), [step({ error_message: 'Access Denied' })], [], null);
  expect(explained).toMatchObject({
    sentence: expect.stringMatching(/^Step 3 “load” failed/),
    step: { step_name: 'load' },
    texts: ['Access Denied', 'the run broke'],
  });
  expect(explainRun(run(), [step({ error_message: 'the run broke' })], [], null)?.texts).toEqual(['the run broke']);
});

test('a step that is a test is explained by the check of its name, where that failed', () => {
  const failed = check();
  expect(explainRun(run(), [step()], [failed], null)).toMatchObject({ code: 'data_check', check: failed });
  for (const other of [check({ overall_status: 'PASS' }), check({ dq_config_id: 'other' })])
    expect(explainRun(run(), [step()], [other], null)?.check).toBeUndefined();
});

test('a cancelled run says by whom', () => {
  const cancelled = run({ status: 'CANCELLED', errorMessage: null });
  expect(explainRun(cancelled, [], [], 'Mia Kern')).toMatchObject({
    code: 'cancelled',
    sentence: 'The run was cancelled by Mia Kern.',
    texts: [],
  });
});
