import { expect, test } from 'vitest';
import { listPipelinesInput, orderedPipelines } from '@/lib/domains/runs/reads/pipeline-order';
import type { Pipeline } from '@/lib/domains/runs/reads/pipelines';

const pipeline = (pipelineId: string, over: Partial<Pipeline> = {}): Pipeline => ({
  pipelineId,
  job: null,
  last: { runId: pipelineId, status: 'COMPLETED', startTime: new Date('2026-11-21T02:00:00Z') },
  succeeded: 1,
  failed: 0,
  cancelled: 0,
  failed7Days: 0,
  p50Ms: 1_000,
  p95Ms: 2_000,
  dayP50Ms: [],
  running: 0,
  pending: 0,
  ...over,
});
const failed = { runId: 'x', status: 'FAILED', startTime: new Date('2026-11-20T02:00:00Z') } as const;
const all = [
  pipeline('b', { p50Ms: 500, job: { namespace: 'prod', name: 'b of dbt' } }),
  pipeline('A_costs', { failed7Days: 2, failed: 3 }),
  pipeline('new', { last: null, succeeded: 0, p50Ms: null, p95Ms: null }),
  pipeline('c', { last: failed, failed: 1, failed7Days: 1 }),
];
const names = (asked: Parameters<typeof listPipelinesInput.parse>[0]) =>
  orderedPipelines(all, listPipelinesInput.parse(asked)).map(({ pipelineId }) => pipelineId);

test('failing pipelines come first, then those without a result, then the most failures of the week', () =>
  expect(names({})).toEqual(['c', 'new', 'A_costs', 'b']));

test('a column sorts both ways, and what is not measured stays last', () => {
  expect(names({ sort: 'p50', dir: 'asc' })).toEqual(['b', 'A_costs', 'c', 'new']);
  expect(names({ sort: 'p50', dir: 'desc' })).toEqual(['A_costs', 'c', 'b', 'new']);
  expect(names({ sort: 'rate', dir: 'asc' })).toEqual(['A_costs', 'c', 'b', 'new']);
  expect(names({ sort: 'last', dir: 'desc' })).toEqual(['A_costs', 'b', 'c', 'new']);
});

test('the search finds a part of the name in any case', () => {
  expect(names({ q: ' COST ' })).toEqual(['A_costs']);
  expect(names({ q: 'zzz' })).toEqual([]);
  expect(names({ q: 'Of dbt' })).toEqual(['b']);
  expect(names({ q: 'prod' })).toEqual(['b']);
});

test('an order that is not known is refused', () =>
  expect(listPipelinesInput.safeParse({ sort: 'colour' }).success).toBe(false));
