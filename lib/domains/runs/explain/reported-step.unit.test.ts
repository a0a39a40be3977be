import { expect, test } from 'vitest';
import { brokenStep, otherMetadata, placedSteps } from '@/lib/domains/runs/explain/reported-step';
import type { RunStep } from '@/lib/domains/runs/reads/run-parts';

const step = (name: string, change: Partial<RunStep> = {}, parent?: string) =>
  ({
    step_name: name,
    step_type: 'task',
    step_index: 0,
    status: 'COMPLETED',
    metadata: null,
    job_run_id: null,
    parent_run_id: null,
    parent_name: parent ?? null,
    statement: null,
    ...change,
  }) as RunStep;
const failed = { status: 'FAILED' } as const;
const sql = { step_type: 'sql' } as const;

const shown = (steps: RunStep[], jobName: string | null = 'dag') =>
  placedSteps(steps, jobName).map(
    ({ step, depth, within, statements }) =>
      `${'  '.repeat(depth)}${step.step_name}${within ? ` in ${within}` : ''}${statements.length > 0 ? ` +${statements.length}` : ''}`,
  );

test('steps stand below their parents, what failed first, and statements are folded into theirs', () => {
  const steps = [
    step('dbt', failed, 'dag'),
    step('b', failed, 'dbt'),
    step('extract', {}, 'dag'),
    step('a', {}, 'dbt'),
    step('a.sql.1', { ...sql, step_index: 4 }, 'a'),
    step('a.sql.2', { ...sql, step_index: 5 }, 'a'),
  ];
  expect(shown(steps)).toEqual(['dbt', '  b in dbt', '  a in dbt +2', 'extract']);
});

test('a step whose inner step failed comes before those without any failure', () => {
  expect(shown([step('first', {}, 'dag'), step('second', {}, 'dag'), step('in', failed, 'second')])).toEqual([
    'second',
    '  in in second',
    'first',
  ]);
});

test('a parent that is not shown is named, and the run itself is none', () => {
  expect(shown([step('a', {}, 'elsewhere'), step('b', {}, 'dag')])).toEqual(['a in elsewhere', 'b']);
});

test('dbt’s statements stand with their node by their name alone', () => {
  expect(shown([step('model.x'), step('model.x.sql.3', sql)])).toEqual(['model.x +1']);
});

test('a ring of parents loses no step', () => {
  expect(shown([step('a', {}, 'b'), step('b', {}, 'a'), step('c', {}, 'a'), step('d', {}, 'd')])).toHaveLength(4);
});

test('of two steps of one name the one of the parent’s run is the parent', () => {
  const [first, second] = [step('m', { job_run_id: '1' }), step('m', { job_run_id: '2' })];
  const [one, other] = placedSteps([first, second, step('in', { parent_run_id: '2' }, 'm')], null);
  expect([one?.step, other?.step]).toEqual([first, second]);
});

test('metadata is shown without what stands by itself, and as a worker sent it where nothing does', () => {
  const metadata = { parent: { name: 'p' }, sql: 'select 1', dbt: 1 };
  const told = step('x', { metadata, parent_name: 'p', statement: 'select 1' });
  expect(otherMetadata(told)).toEqual({ dbt: 1 });
  expect(otherMetadata({ ...told, metadata: { parent: { name: 'p' } } })).toBeNull();
  expect(otherMetadata({ ...told, metadata: null })).toBeNull();
  expect(otherMetadata(step('x', { metadata: { sql: 7 } }))).toEqual({ sql: 7 });
});

test('a failed run is explained by its innermost failed step, and by no single statement', () => {
  const steps = [
    step('dbt', failed),
    step('model.broken', failed, 'dbt'),
    step('model.broken.sql.2', { ...failed, ...sql }, 'model.broken'),
  ];
  expect(brokenStep(steps)?.step_name).toBe('model.broken');
  expect(brokenStep([step('a'), step('b', { status: 'RUNNING' })])?.step_name).toBe('b');
  expect(brokenStep([step('x.sql.1', { ...failed, ...sql }, 'x')])?.step_name).toBe('x.sql.1');
  expect(brokenStep([step('a')])).toBeUndefined();
});
