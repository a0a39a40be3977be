/** Search and order of the list of pipelines, which is read whole. Pure. */
import { z } from 'zod';
import type { Pipeline } from '@/lib/domains/runs/reads/pipelines';

export const pipelineSorts = ['state', 'name', 'last', 'rate', 'p50', 'p95', 'failed'] as const;
export type PipelineSort = (typeof pipelineSorts)[number];

/** What the address of the list may say. */
export const listPipelinesInput = z.strictObject({
  q: z.string().max(200).default(''),
  sort: z.enum(pipelineSorts).default('state'),
  dir: z.enum(['asc', 'desc']).default('asc'),
  /** How many rows of the order come before the page. */
  after: z.coerce.number().int().min(0).max(100_000).default(0),
});
export type ListPipelinesInput = z.output<typeof listPipelinesInput>;

/** Broken ones first: the last run failed, then it is unknown how, then the rest. */
const stateRank = ({ last }: Pipeline): number => (last?.status === 'FAILED' ? 0 : last ? 2 : 1);

/** Share of the runs that succeeded or failed which succeeded; null where there is none. */
export function successRate({ succeeded, failed }: Pick<Pipeline, 'succeeded' | 'failed'>): number | null {
  return succeeded + failed === 0 ? null : succeeded / (succeeded + failed);
}

const keys: Record<PipelineSort, (pipeline: Pipeline) => number | string | null> = {
  state: stateRank,
  name: pipeline => pipeline.pipelineId,
  last: pipeline => pipeline.last?.startTime.getTime() ?? null,
  rate: successRate,
  p50: pipeline => pipeline.p50Ms,
  p95: pipeline => pipeline.p95Ms,
  failed: pipeline => pipeline.failed7Days,
};

const byName = (a: Pipeline, b: Pipeline): number =>
  a.pipelineId < b.pipelineId ? -1 : a.pipelineId > b.pipelineId ? 1 : 0;

/** The pipelines whose name, or their job's or its namespace's, contains `q`, in the order; what is not measured comes last in both directions. */
export function orderedPipelines(
  pipelines: readonly Pipeline[],
  { q, sort, dir }: Pick<ListPipelinesInput, 'q' | 'sort' | 'dir'>,
): Pipeline[] {
  const sign = dir === 'asc' ? 1 : -1;
  const key = keys[sort];
  const wanted = q.trim().toLowerCase();
  const compare = (a: Pipeline, b: Pipeline): number => {
    const [left, right] = [key(a), key(b)];
    if (left === right) return sort === 'state' ? b.failed7Days - a.failed7Days || byName(a, b) : byName(a, b);
    if (left === null) return 1;
    if (right === null) return -1;
    return left < right ? -sign : sign;
  };
  const holds = ({ pipelineId, job }: Pipeline): boolean =>
    [pipelineId, job?.name, job?.namespace].some(text => text?.toLowerCase().includes(wanted));
  return pipelines.filter(holds).sort(compare);
}
