/** What workers send: to start, extend and end runs, and what they report of them. Names are those of the data plane. Source: docs/spec/002-pipeline-metadata.md. */
import { z } from 'zod';
import { configIdPattern } from '@/lib/domains/providers/rules';
import { checkStatuses, runOrigins, runStatuses, stepStatuses, triggerTypes } from '@/lib/domains/runs/tables';
import { utcDayInput } from '@/lib/kernel/input';
import { storableJson, storableJsonList, storableText } from '@/lib/kernel/storable';

export const defaultLeaseSeconds = 900;

/** Of one JSON column. */
const maxJsonBytes = 262_144;

const leaseSeconds = z
  .int()
  .min(10)
  .max(86_400)
  .meta({ description: 'How long the run may go without a heartbeat, in seconds.', example: defaultLeaseSeconds });

const distinct = (ids: string[]): boolean => new Set(ids.map(id => id.toLowerCase())).size === ids.length;

export const pipelineId = z
  .string()
  .regex(/^[A-Za-z0-9_.-]{1,128}$/, 'Use 1 to 128 letters, digits, dots, underscores and hyphens.')
  .meta({ description: 'The pipeline, as its YAML file is named.', example: 'gcp_billing_daily' });

const configId = z.string().regex(configIdPattern, 'This is not the id of a provider config.');

export const startRunInput = z.strictObject({
  pipeline_id: pipelineId,
  trigger_type: z.enum(triggerTypes).meta({ description: 'How the run was triggered.' }),
  trigger_by: storableText(200).meta({ description: 'Who or what triggered the run.', example: 'cron 0 2 * * *' }),
  parameters: storableJson(maxJsonBytes)
    .optional()
    .meta({ description: 'Parameters of the run; at most 256 KiB as JSON.' }),
  config_version: storableText(200).optional().meta({ description: 'Version or commit of the configuration.' }),
  worker_instance: storableText(200).optional().meta({ description: 'Worker, pod or machine that runs it.' }),
  config_id: configId.optional().meta({
    description: 'The provider config that it runs, one of yours that is on; what becomes of the run is told of it.',
  }),
  lease_seconds: leaseSeconds.default(defaultLeaseSeconds),
});

/** An Idempotency-Key header: visible ASCII. */
export const idempotencyKeyInput = z
  .string()
  .regex(/^[\x21-\x7e]{1,255}$/, 'Use 1 to 255 visible ASCII characters without spaces.');

export const heartbeatInput = z.strictObject({
  lease_seconds: leaseSeconds.optional().meta({ description: 'A new length of the lease, from now on.' }),
});

export const cancelRunInput = z.strictObject({});

/** Runs of one form or call. */
const runIds = z
  .array(z.uuid())
  .min(1, 'Choose at least one run.')
  .max(50, 'Choose at most 50 runs.')
  .refine(ids => distinct(ids), 'A run is named twice.');

export const cancelRunsInput = z.strictObject({ pipeline_logging_ids: runIds });

export const runAgainInput = z.strictObject({
  pipeline_logging_ids: runIds,
  /** Names one submission, so that a double click makes one run. */
  idempotency_key: idempotencyKeyInput,
});

export const claimRunInput = z.strictObject({
  pipeline_ids: z
    .array(pipelineId)
    .min(1)
    .max(50)
    .optional()
    .meta({ description: 'Only runs of these pipelines, at most 50; any where it is not said.' }),
  worker_instance: storableText(200).optional().meta({ description: 'Worker, pod or machine that will run it.' }),
  lease_seconds: leaseSeconds.optional().meta({
    description: 'How long the run may go without a heartbeat; that of the run it repeats where it is not said.',
  }),
  wait_seconds: z
    .int()
    .min(0)
    .max(30)
    .default(0)
    .meta({ description: 'How long to wait for a run where none waits now, in seconds.' }),
});

export const endStatuses = ['COMPLETED', 'FAILED', 'CANCELLED'] as const;

export const completeRunInput = z
  .strictObject({
    status: z.enum(endStatuses).meta({ description: 'How the run ended.' }),
    error_message: storableText(10_000)
      .optional()
      .meta({ description: 'What went wrong, or why it was cancelled; not with COMPLETED.' }),
  })
  .refine(input => input.status !== 'COMPLETED' || input.error_message === undefined, {
    path: ['error_message'],
    message: 'A completed run has no error message.',
  });

const instant = z.iso.datetime({ offset: true }).transform(text => new Date(text));
const count = z.int().min(0).max(2_147_483_647);
const bigCount = z.int().min(0).max(Number.MAX_SAFE_INTEGER);
/** An instant of a report; report-window.ts holds it against the run. */
const reported = instant.refine(at => at.getTime() >= 0 && at.getUTCFullYear() < 9_999, 'This time cannot be kept.');

/** As report-window.ts holds it against the run. */
const whenOfRun = 'from the UTC day before the run’s first day to 31 days after it.';

export const stepInput = z
  .strictObject({
    step_logging_id: z.uuid().meta({ description: 'Id of this execution of the step; sent again, it is updated.' }),
    step_name: storableText(200).meta({ description: 'step_id in the pipeline’s YAML.' }),
    step_type: storableText(100).meta({ description: 'Kind of step.', example: 'bigquery_to_bigquery' }),
    step_index: count.meta({ description: 'Position in the pipeline, from 0.' }),
    status: z.enum(stepStatuses),
    start_time: reported.meta({
      description: `When it started, or was skipped; ${whenOfRun} The first value sent is kept.`,
    }),
    end_time: reported.optional().meta({ description: 'When it ended; a COMPLETED or FAILED step has one.' }),
    rows_processed: bigCount.optional(),
    error_message: storableText(10_000).optional(),
    metadata: storableJson(maxJsonBytes).optional().meta({ description: 'At most 256 KiB as JSON.' }),
  })
  .refine(step => step.end_time === undefined || step.end_time >= step.start_time, {
    path: ['end_time'],
    message: 'A step does not end before it starts.',
  });

export const checkInput = z
  .strictObject({
    dq_result_id: z.uuid().meta({ description: 'Id of this check; sent again, it is not stored twice.' }),
    target_table: storableText(1_024).meta({ description: 'Table that was checked: project.dataset.table.' }),
    dq_config_id: storableText(200).meta({ description: 'Configuration or suite of expectations.' }),
    executed_at: reported.meta({ description: `When it was made; ${whenOfRun}` }),
    expectations_passed: count,
    expectations_failed: count,
    failed_expectations: storableJsonList(maxJsonBytes).optional().meta({ description: 'At most 256 KiB as JSON.' }),
    overall_status: z.enum(checkStatuses),
  })
  .refine(check => check.overall_status !== 'PASS' || check.expectations_failed === 0, {
    path: ['overall_status'],
    message: 'A check with failed expectations did not pass.',
  });

/** What the list of runs is narrowed by, as a query string sends it. */
export const listRunsInput = z.strictObject({
  status: z.enum(runStatuses).optional(),
  pipeline_id: pipelineId.optional(),
  trigger_type: z.enum(triggerTypes).optional(),
  config_id: configId.optional().meta({ description: 'Runs of this provider config.' }),
  origin: z.enum(runOrigins).optional(),
  from: utcDayInput.optional().meta({ description: 'First UTC day of start_time.' }),
  to: utcDayInput.optional().meta({ description: 'Last UTC day of start_time, included.' }),
  limit: z.coerce.number().int().min(1).max(100).default(50).meta({ description: 'Runs a page, 1 to 100.' }),
  after: z.string().max(400).optional().meta({ description: '`next_cursor` of the page before.' }),
});

/** A page of what was reported of a run, as a query string asks for it. */
export const listReportsInput = z.strictObject({
  limit: z.coerce.number().int().min(1).max(500).default(100).meta({ description: 'Entries a page, 1 to 500.' }),
  after: z.string().max(400).optional().meta({ description: '`next_cursor` of the page before.' }),
});

export const findRunInput = z.strictObject({});
