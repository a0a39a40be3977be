/** What callers send to and ask of the agent log. Events are checked one by one, so that one that is refused holds up no other. */
import { z } from 'zod';
import { agentSizes, eventTypes, toolStatuses } from '@/lib/domains/agent-log/rules';

const id = z.string().min(1).max(agentSizes.idSigns);
const count = z.int().min(0).max(Number.MAX_SAFE_INTEGER);
const time = z.string().meta({ example: '2026-01-31T12:00:00.123Z' });

/** Keys of `metadata` that we know; others are kept as they are. */
const metadata = z.looseObject({
  execution_id: id.optional().meta({ description: 'Pairs tool_start and tool_end; required in both.' }),
  tool_name: id.optional().meta({ description: 'Required in tool_start and tool_end.', example: 'bq_list_tables' }),
  status: z.enum(toolStatuses).optional().meta({ description: 'Required in tool_end.' }),
  error_message: z.string().max(agentSizes.errorSigns).nullish(),
  bytes_billed: count.nullish().meta({ description: 'Of the BigQuery queries that the tool ran.' }),
  latency_ms: z.number().min(0).nullish(),
  model: id.nullish(),
  tokens_in: count.nullish(),
  tokens_out: count.nullish(),
  cost_usd: z.number().min(0).nullish().meta({ description: 'Estimate, in US dollars.' }),
  repo_url: id.nullish().meta({ description: 'With commit_hash: the snapshot that the agent worked on.' }),
  commit_hash: id.nullish(),
});

/** One event as it is sent. Source: docs/spec/000-agent-log.md, chat_events. */
export const chatEventInput = z.strictObject({
  event_id: z.uuid({ version: 'v4' }),
  event_timestamp: time,
  session_id: id,
  user_id: id,
  event_type: z.enum(eventTypes),
  content: z
    .unknown()
    .optional()
    .meta({ description: 'Text of the message, arguments or result of the tool; ≤ 256 kB.' }),
  metadata: metadata.nullish(),
  client_info: z
    .record(z.string(), z.unknown())
    .nullish()
    .meta({ description: 'user_agent, ip, locale; an address is kept without its last part.' }),
});

/** One state of a repository as it is sent. Source: docs/spec/000-agent-log.md, repo_snapshots. */
export const snapshotInput = z.strictObject({
  repo_url: id.meta({ example: 'https://github.com/acme/shop' }),
  commit_hash: z
    .string()
    .regex(/^(?:[\da-f]{40}|[\da-f]{64})$/i)
    .meta({ example: '3f786850e387550fdab836ed7e6dc881de23001b' }),
  indexed_at: time,
  file_count: count.nullish(),
  total_tokens: count.nullish(),
  vector_index_path: z.string().min(1).max(1_024).nullish(),
});

/** What is to be masked and kept from now on; what is not named stays as it is. */
export const agentSettingsInput = z.strictObject({
  mask_secrets: z.boolean().optional(),
  mask_emails: z.boolean().optional(),
  keep_span_content: z.boolean().optional(),
});
