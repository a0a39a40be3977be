/** One run: why it failed, its steps and its checks, as its page shows them. */
import { z } from 'zod';
import { explainRun } from '@/lib/domains/runs/explain/explain-run';
import { maskJson, maskSecrets } from '@/lib/domains/runs/explain/mask-secrets';
import { readParts, readRun } from '@/lib/domains/runs/reads/run-page';
import type { RunCheck, RunStep } from '@/lib/domains/runs/reads/run-parts';
import { actorText, readActorNames } from '@/lib/domains/team/actor-names';
import { defineTool } from '@/lib/edge/v1/mcp/define-tool';
import { noteFields } from '@/lib/edge/v1/mcp/tools/shared';
import { runBody, runParams, runSchema } from '@/lib/edge/v1/routes/run-schemas';

const instant = z.iso.datetime();
const json = z.unknown();

const stepSchema = z.strictObject({
  step_name: z.string(),
  status: z.string(),
  error_message: z.string().nullable(),
  step_index: z.int(),
  step_type: z.string(),
  start_time: instant,
  end_time: instant.nullable(),
  duration_ms: z.int().nullable(),
  rows_processed: z.int().nullable(),
  metadata: json,
});

const checkSchema = z.strictObject({
  overall_status: z.string(),
  target_table: z.string(),
  dq_config_id: z.string(),
  executed_at: instant,
  expectations_passed: z.int(),
  expectations_failed: z.int(),
  failed_expectations: json,
});

const output = z.strictObject({
  run: runSchema.omit({ parameters: true }),
  explanation: z
    .strictObject({
      sentence: z.string().meta({ description: 'What failed, and where.' }),
      todo: z.string().nullable().meta({ description: 'What to do about it.' }),
      code: z.string().meta({ description: 'Kind of the failure.' }),
      step_name: z.string().nullable(),
    })
    .nullable()
    .meta({ description: 'Why it failed; null for a run that did not.' }),
  parameters: json,
  steps: z.array(stepSchema).meta({ description: 'Failed ones first, then those that run; at most 200.' }),
  checks: z.array(checkSchema).meta({ description: 'Failed ones first; at most 200.' }),
  more_steps: z.boolean(),
  more_checks: z.boolean(),
  ...noteFields,
});

const masked = (text: string | null) => text && maskSecrets(text);

const stepBody = (step: RunStep): z.output<typeof stepSchema> => ({
  step_name: step.step_name,
  status: step.status,
  error_message: masked(step.error_message),
  step_index: step.step_index,
  step_type: step.step_type,
  start_time: step.start_time.toISOString(),
  end_time: step.end_time?.toISOString() ?? null,
  duration_ms: step.duration_ms,
  rows_processed: step.rows_processed,
  metadata: maskJson(step.metadata),
});

const checkBody = (check: RunCheck): z.output<typeof checkSchema> => ({
  overall_status: check.overall_status,
  target_table: check.target_table,
  dq_config_id: check.dq_config_id,
  executed_at: check.executed_at.toISOString(),
  expectations_passed: check.expectations_passed,
  expectations_failed: check.expectations_failed,
  failed_expectations: maskJson(check.failed_expectations),
});

export const run = defineTool({
  name: 'run',
  title: 'One run',
  description:
    'Everything about one pipeline run by its pipeline_logging_id: why it failed and what to do, its steps and data-quality checks, failed ones first.',
  scope: 'runs:read',
  operation: 'run.get',
  input: runParams,
  output,
  shrinks: ['steps', 'checks', 'parameters'],
  run: async ({ ctx }, { pipeline_logging_id }) => {
    const found = await readRun(ctx, pipeline_logging_id);
    const [{ steps, checks }, names] = await Promise.all([
      readParts(ctx, found),
      readActorNames(ctx, [found.cancelRequestedBy]),
    ]);
    const cancelledBy = found.cancelRequestedBy && actorText(found.cancelRequestedBy, names);
    const explained = explainRun(found, steps.rows, checks.rows, cancelledBy);
    const { parameters, ...body } = runBody(found);
    const data = {
      run: { ...body, error_message: masked(body.error_message) },
      explanation: explained && {
        sentence: explained.sentence,
        todo: explained.todo,
        code: explained.code,
        step_name: explained.step?.step_name ?? null,
      },
      parameters: maskJson(parameters),
      steps: steps.rows.map(stepBody),
      checks: checks.rows.map(checkBody),
      more_steps: steps.nextCursor !== null,
      more_checks: checks.nextCursor !== null,
      note: null,
    };
    const says = `Run of ${found.pipelineId}: ${found.status}.${explained ? ` ${explained.sentence}` : ''}`;
    return { data, says };
  },
});
