/** The call that takes AI traces, as the document and the page of the API show it; lib/edge/v1/traces answers it. */
import { z } from 'zod';
import { takeTracesInput } from '@/lib/domains/traces/input';
import { traceSizes } from '@/lib/domains/traces/rules';
import { customerId } from '@/lib/edge/v1/customer-id';
import type { DocumentedRoute } from '@/lib/edge/v1/define-route';

const mebibyte = 1_048_576;
const thousand = 1_000;

export const tracesQuery = takeTracesInput.safeExtend({ customer_id: customerId.optional() });

/** The document's own form; what LiteLLM writes is read beside it, and every other name is passed over. */
const record = z.looseObject({
  timestamp: z
    .string()
    .optional()
    .meta({ description: 'When it was asked; now where it is missing.', format: 'date-time' }),
  model: z.string().meta({ description: 'With its provider.', example: 'anthropic/claude-3-5-sonnet-20241022' }),
  tokens_in: z.int().min(0).meta({ description: 'Tokens of the prompt.', example: 250 }),
  tokens_out: z.int().min(0).meta({ description: 'Tokens of the answer.', example: 150 }),
  latency_ms: z.number().min(0).optional().meta({ description: 'Milliseconds that it took.' }),
  session_id: z.string().optional().meta({ description: 'Of the conversation.' }),
  developer_id: z.string().meta({ description: 'Who asked.', example: 'dev@example.com' }),
  repo_slug: z.string().optional().meta({ description: 'Repository, as owner/name.' }),
  status_code: z.int().optional().meta({ description: 'HTTP status of the model’s answer.' }),
});

const answerSchema = z.object({
  accepted: z.int().meta({ description: 'Records that were taken.' }),
  refused: z
    .array(z.object({ index: z.int(), code: z.string(), field: z.string(), message: z.string() }))
    .meta({ description: 'Those that were not, at most 100 of them, with what is wrong first.' }),
  refused_count: z.int().meta({ description: 'How many were refused.' }),
  assumed_times: z.int().optional().meta({
    description: 'Records without a time, which got the time of receipt: sent again, they count twice.',
  }),
});

const description = [
  `A JSON array, one object, or an object a line, as LiteLLM’s \`generic_api\` callback sends them or in the form below; or OTLP/HTTP, as OpenTelemetry’s exporters send it to the same path (\`application/x-protobuf\`, or JSON with \`resourceSpans\`). Plain, gzip or deflate; at most ${traceSizes.bodyBytes / mebibyte} MB, ${traceSizes.plainBytes / mebibyte} MB once inflated, and ${traceSizes.records / thousand},000 records.`,
  'Answered once it is stored for good; it is in BigQuery a little later. The same record sent again is one row. Prompts and answers are not kept. A bad record is refused alone; exporters hear of theirs as `partialSuccess`, and spans that are no requests to a model are passed over.',
  'Where the key also has `agent-log:write`, calls of tools (`execute_tool`) and messages in the spans become events of the agent log; a key with that scope alone sends spans only, and none of them is AI usage.',
  'What is too much now is answered by 503 with Retry-After, which LiteLLM and exporters send again. It is no API call of the month.',
].join('\n\n');

export const tracesRoute: DocumentedRoute = {
  operationId: 'sendTraces',
  method: 'POST',
  path: '/v1/traces',
  who: 'both',
  ofStartedRun: true,
  summary: 'Send AI traces',
  description,
  permission: 'traces:write',
  query: tracesQuery,
  requestHeaders: z.object({
    'x-tenantry-repo': z.string().optional().meta({ description: 'The same as the parameter `repo`.' }),
  }),
  body: z.array(record),
  success: { status: 200, schema: answerSchema, description: 'What was not refused is stored.' },
  errors: ['slow_down', 'subscription_inactive', 'not_found'],
};
