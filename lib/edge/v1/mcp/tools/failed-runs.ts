/** Runs that failed, the newest first: their error, and the step that broke them. */
import { z } from 'zod';
import { maskSecrets } from '@/lib/domains/runs/explain/mask-secrets';
import { type FailedStep, findBrokenSteps } from '@/lib/domains/runs/reads/failed-steps';
import { type ListedRun, listRuns } from '@/lib/domains/runs/reads/run-list';
import { listRunsFilter } from '@/lib/domains/runs/reads/run-list-input';
import { defineTool } from '@/lib/edge/v1/mcp/define-tool';
import { ageBody, ageFields, counted, dayInputs, noteFields, rowLimit } from '@/lib/edge/v1/mcp/tools/shared';
import { addDays, utcDay } from '@/lib/platform/clock';

const { pipeline, from, to } = listRunsFilter.shape;
const shownDays = 90;
const days = z.coerce.number().int().min(1).max(shownDays).default(30);

const input = z.strictObject({
  ...dayInputs({ days, from, to }),
  pipeline: pipeline.meta({ description: 'Only this pipeline_id.' }),
  limit: rowLimit(50, 10),
});

const failedRun = z.strictObject({
  error: z.string().nullable(),
  failed_step: z
    .strictObject({ name: z.string(), index: z.int(), type: z.string(), error: z.string().nullable() })
    .nullable()
    .meta({ description: 'The step that broke the run; null where none failed.' }),
  pipeline_logging_id: z.string().meta({ description: 'Id of the run, for the tool run.' }),
  pipeline_id: z.string(),
  start_time: z.iso.datetime(),
  end_time: z.iso.datetime().nullable(),
  duration_ms: z.int().nullable(),
  trigger_type: z.string(),
  trigger_by: z.string(),
  origin: z.string(),
  orchestrator: z.string().nullable(),
  checks_failed: z.int().nullable(),
});

const output = z.strictObject({
  runs: z.array(failedRun),
  more: z.boolean().meta({ description: 'Whether more runs failed in these days than are listed.' }),
  ...ageFields,
  ...noteFields,
});

const masked = (text: string | null) => text && maskSecrets(text);

const bodyOf = (run: ListedRun, step: FailedStep | undefined): z.output<typeof failedRun> => ({
  error: masked(run.error_message),
  failed_step: step
    ? { name: step.step_name, index: step.step_index, type: step.step_type, error: masked(step.error_message) }
    : null,
  pipeline_logging_id: run.pipeline_logging_id,
  pipeline_id: run.pipeline_id,
  start_time: run.start_time.toISOString(),
  end_time: run.end_time?.toISOString() ?? null,
  duration_ms: run.duration_ms,
  trigger_type: run.trigger_type,
  trigger_by: run.trigger_by,
  origin: run.origin,
  orchestrator: run.orchestrator,
  checks_failed: run.checks_failed,
});

export const failedRuns = defineTool({
  name: 'failed_runs',
  title: 'Failed runs',
  description:
    'Pipeline runs that failed, the newest first, each with its error and the step that broke it. Then ask run for everything about one.',
  scope: 'runs:read',
  operation: 'run.list',
  input,
  output,
  shrinks: ['runs'],
  run: async ({ ctx }, asked) => {
    const last = asked.to ?? utcDay(ctx.clock());
    const page = await listRuns(ctx, {
      status: 'FAILED',
      pipeline: asked.pipeline,
      from: asked.from ?? addDays(last, 1 - asked.days),
      to: asked.to,
      limit: asked.limit,
    });
    const steps = await findBrokenSteps(ctx, page.rows);
    const runs = page.rows.map(run => bodyOf(run, steps.get(run.pipeline_logging_id)));
    const [newest] = runs;
    const says = newest
      ? `${counted(runs.length, 'failed run')}${page.nextCursor === null ? '' : ', and there are more'}; the newest is of ${newest.pipeline_id} at ${newest.start_time}.`
      : 'No run failed in these days.';
    return { data: { runs, more: page.nextCursor !== null, ...ageBody(page), note: null }, says };
  },
});
