/** Which pipelines failed lately, for those who look after them. */
import { z } from 'zod';
import { defineQuery } from '@/lib/warehouse/query/define-query';
import { pipelineRunsRow } from '@/lib/warehouse/rows/metadata';

const failingPipeline = pipelineRunsRow.pick({ pipeline_id: true }).extend({
  failed: z.int(),
  last_failed_at: pipelineRunsRow.shape.start_time,
  last_run_id: pipelineRunsRow.shape.pipeline_logging_id,
});
export type FailingPipeline = z.output<typeof failingPipeline>;

/** Pipelines with a failed run in the last 24 hours, the latest failure first; cancelled runs do not count. */
export const listFailingPipelines = defineQuery({
  name: 'run.list_failing_pipelines',
  permission: 'runs:read',
  sql: 'runs/list-failing-pipelines.sql',
  withoutOverlay: 'Workers report these runs; no person changes what is counted here.',
  params: z.strictObject({}),
  row: failingPipeline,
});
