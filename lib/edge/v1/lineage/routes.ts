/** The calls that take events of OpenLineage, as the document and the page of the API show them; lib/edge/v1/lineage answers them. */
import { z } from 'zod';
import { lineageSizes, mostSteps } from '@/lib/domains/lineage/rules';
import { eventTypes } from '@/lib/domains/lineage/tables';
import { customerId } from '@/lib/edge/v1/customer-id';
import type { DocumentedRoute } from '@/lib/edge/v1/define-route';

const million = 1_000_000;

export const lineageQuery = z.strictObject({ customer_id: customerId.optional() });

const facets = z.record(z.string(), z.unknown()).optional();
const dataset = z.looseObject({ namespace: z.string(), name: z.string(), facets });

/** The fields that are read; all others are kept with the run or the step. */
const runEvent = z.looseObject({
  eventType: z.enum(eventTypes).meta({ description: 'What happened.', example: 'START' }),
  eventTime: z.string().meta({ description: 'When it happened.', format: 'date-time' }),
  run: z.looseObject({
    runId: z.uuid().meta({ description: 'UUID of the run, the same in all of its events.' }),
    facets: facets.meta({ description: '`parent` makes it a step of another run.' }),
  }),
  job: z.looseObject({
    namespace: z.string().meta({ example: 'airflow' }),
    name: z.string().meta({ description: 'The pipeline, or the step.', example: 'gcp_billing_daily' }),
    facets,
  }),
  inputs: z.array(dataset).optional().meta({ description: 'Datasets that it read.' }),
  outputs: z.array(dataset).optional().meta({ description: 'Datasets that it wrote.' }),
  producer: z.string().optional().meta({ description: 'URI of the code that sends.' }),
});

const accepted = z.int().meta({ description: 'Events that are stored.' });
const answerSchema = z.object({ accepted });
const batchSchema = z.object({
  accepted,
  status: z.literal('success'),
  summary: z
    .object({
      received: z.int(),
      successful: z.int(),
      failed: z.int(),
      retriable: z.int(),
      non_retriable: z.int(),
    })
    .meta({ description: 'As OpenLineage has it; refusals have it too.' }),
  failed_events: z
    .array(z.object({ index: z.int(), reason: z.string(), retriable: z.boolean() }))
    .meta({ description: 'None here; in refusals the first 20 that were not stored, by their index from 0.' }),
});

const kept =
  'An event that was sent before, comes late or has facets that nobody knows is stored like any other. Answered once it is stored for good, else by 503 with Retry-After: send it again. Never 409 or 429, at which clients drop events. It is no API call of the month and takes no quota.';
const sizes = (most: string) =>
  `Plain, gzip or deflate; ${most}. A run has at most ${mostSteps} steps; events of others are answered by 503.`;

const common = {
  method: 'POST',
  who: 'both',
  ofStartedRun: true,
  permission: 'runs:write',
  query: lineageQuery,
} as const satisfies Partial<DocumentedRoute>;
const errors: DocumentedRoute['errors'] = ['slow_down', 'subscription_inactive', 'not_found', 'method_not_allowed'];

export const lineageRoute: DocumentedRoute = {
  ...common,
  errors,
  operationId: 'sendLineageEvent',
  path: '/api/v1/lineage',
  summary: 'Send an event of OpenLineage',
  description: [
    'A run event of OpenLineage 2-0-2, as dbt, Airflow, Dagster, Spark and every other client send it: it becomes a run, or a step of one with its checks. Dataset and job events are answered alike and not kept.',
    sizes(`at most ${lineageSizes.eventBytes / million} MB`),
    kept,
  ].join('\n\n'),
  body: runEvent,
  success: { status: 201, schema: answerSchema, description: 'It is stored.' },
};

export const lineageBatchRoute: DocumentedRoute = {
  ...common,
  errors,
  operationId: 'sendLineageEvents',
  path: '/api/v1/lineage/batch',
  summary: 'Send several events of OpenLineage',
  description: [
    'A JSON array of events. Where some cannot be read the answer is 400 with their paths, as `[3].run.runId`, and the others are stored: sending all of them again is harmless.',
    sizes(
      `at most ${lineageSizes.events} events, ${lineageSizes.bodyBytes / million} MB, ${lineageSizes.plainBytes / million} MB once inflated`,
    ),
    kept,
  ].join('\n\n'),
  body: z.array(runEvent),
  success: { status: 201, schema: batchSchema, description: 'All of it is stored.' },
};
