/** The calls that take the agent log, as the document and the page of the API show them; lib/edge/v1/agent answers them. */
import { z } from 'zod';
import { chatEventInput, snapshotInput } from '@/lib/domains/agent-log/input';
import { agentSizes, dedupDays, retentionDays } from '@/lib/domains/agent-log/rules';
import { customerId } from '@/lib/edge/v1/customer-id';
import type { DocumentedRoute } from '@/lib/edge/v1/define-route';

const mebibyte = 1_048_576;

export const agentQuery = z.strictObject({ customer_id: customerId.optional() });

const answerSchema = z.object({
  accepted: z.int().meta({ description: 'Items that were taken, those included that were sent before.' }),
  refused: z
    .array(z.object({ index: z.int(), code: z.string(), field: z.string(), message: z.string() }))
    .meta({ description: 'Those that were not: their index from 0, and what is wrong first.' }),
  refused_count: z.int().meta({ description: 'How many were refused.' }),
});

const forms = (wrapper: string, most: number) =>
  `A JSON array, \`{ "${wrapper}": [...] }\`, one object, or an object a line; plain, gzip or deflate; at most ${agentSizes.bodyBytes / mebibyte} MB, ${agentSizes.plainBytes / mebibyte} MB once inflated, and ${most} of them.`;
const answered =
  'A bad one is refused alone, by its index, code and field; where none can be taken the answer is 400 with the same list. Answered once it is stored for good, else by 503 with Retry-After: send the request again. It is no API call of the month.';

const common = {
  method: 'POST',
  who: 'both',
  ofStartedRun: true,
  permission: 'agent-log:write',
  query: agentQuery,
  success: { status: 200, schema: answerSchema, description: 'What was not refused is stored.' },
  errors: ['subscription_inactive', 'not_found', 'method_not_allowed'],
} as const satisfies Partial<DocumentedRoute>;

export const agentEventsRoute: DocumentedRoute = {
  ...common,
  errors: [...common.errors],
  operationId: 'sendAgentEvents',
  path: '/v1/agent/events',
  summary: 'Send events of agents',
  description: [
    forms('events', agentSizes.events),
    `Events are kept for ${retentionDays} days. An event that is sent again within ${dedupDays} days is known by its event_id and recorded once, so a request may be repeated. Addresses in client_info are cut, secrets masked unless you chose otherwise, before anything is stored.`,
    answered,
  ].join('\n\n'),
  body: z.array(chatEventInput),
};

export const agentSnapshotsRoute: DocumentedRoute = {
  ...common,
  errors: [...common.errors],
  operationId: 'sendAgentSnapshots',
  path: '/v1/agent/snapshots',
  summary: 'Send states of indexed repositories',
  description: [
    forms('snapshots', agentSizes.snapshots),
    'One row per repository and commit; sent again, the last one counts.',
    answered,
  ].join('\n\n'),
  body: z.array(snapshotInput),
};
