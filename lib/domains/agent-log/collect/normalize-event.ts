/** One event as it is sent → a row of chat_events, not masked yet, or the first thing that is wrong with it. */
import type { z } from 'zod';
import { isBeyondRetention, itemTime } from '@/lib/domains/agent-log/collect/event-time';
import { firstProblem, type Problem, unkeepableProblem } from '@/lib/domains/agent-log/collect/problems';
import type { ChatEvent, JsonObject, JsonValue } from '@/lib/domains/agent-log/events';
import { chatEventInput } from '@/lib/domains/agent-log/input';
import { agentSizes, type EventType } from '@/lib/domains/agent-log/rules';
import { maxJsonDepth, unkeepable } from '@/lib/kernel/storable';

type Sent = z.output<typeof chatEventInput>;

/** `content` and its levels lie one below the event. */
const levels = maxJsonDepth + 1;

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Whether a value's JSON has more bytes of UTF-8 than `most`. */
const isOver = (value: unknown, most: number): boolean =>
  value !== undefined && value !== null && Buffer.byteLength(JSON.stringify(value)) > most;

function sizeProblem({ content, metadata, client_info: clientInfo }: Sent): Problem | null {
  if (isOver(content, agentSizes.contentBytes)) return { code: 'too_large', field: 'content' };
  if (isOver(metadata, agentSizes.metadataBytes)) return { code: 'too_large', field: 'metadata' };
  return isOver(clientInfo, agentSizes.metadataBytes) ? { code: 'too_large', field: 'client_info' } : null;
}

/** What `metadata` of these events must have. Source: docs/spec/000-agent-log.md, tool_executions. */
const required: Readonly<Record<EventType, readonly ('execution_id' | 'tool_name' | 'status')[]>> = {
  message_sent: [],
  error: [],
  tool_start: ['execution_id', 'tool_name'],
  tool_end: ['execution_id', 'tool_name', 'status'],
};

const blank = (text: string | null | undefined): boolean => text !== null && text !== undefined && text.trim() === '';

function idProblem({ session_id, user_id, event_type, metadata }: Sent): Problem | null {
  if (blank(session_id)) return { code: 'too_long', field: 'session_id' };
  if (blank(user_id)) return { code: 'too_long', field: 'user_id' };
  for (const name of ['execution_id', 'tool_name'] as const)
    if (blank(metadata?.[name])) return { code: 'too_long', field: `metadata.${name}` };
  const missing = required[event_type].find(name => (metadata?.[name] ?? null) === null);
  return missing ? { code: 'missing', field: `metadata.${missing}` } : null;
}

/** Ids by which rows are joined are kept in one form; the end of a tool has its three keys, null where they were not sent. */
function metadataOf(sent: JsonObject | null | undefined, type: EventType): JsonObject | null {
  if (!sent) return null;
  const kept: JsonObject = { ...sent };
  for (const name of ['execution_id', 'tool_name', 'repo_url']) {
    const value = kept[name];
    if (typeof value === 'string') kept[name] = value.trim();
  }
  if (typeof kept.commit_hash === 'string') kept.commit_hash = kept.commit_hash.trim().toLowerCase();
  if (type !== 'tool_end') return kept;
  return { ...kept, error_message: kept.error_message ?? null, bytes_billed: kept.bytes_billed ?? null };
}

/** The row of an event, or its first problem. Pure, and never throws, whatever the JSON. Source: docs/spec/000-agent-log.md, chat_events. */
export function normalizeEvent(item: unknown, now: Date): { row: ChatEvent } | { problem: Problem } {
  if (!isObject(item)) return { problem: { code: 'not_an_object', field: '' } };
  const lost = unkeepable(item, levels);
  if (lost) return { problem: unkeepableProblem(lost) };
  const parsed = chatEventInput.safeParse(item);
  if (!parsed.success) return { problem: firstProblem(parsed.error, item) };
  const { data } = parsed;
  const time = itemTime(data.event_timestamp, 'event_timestamp', now);
  if ('code' in time) return { problem: time };
  if (isBeyondRetention(time.ms, now)) return { problem: { code: 'too_old', field: 'event_timestamp' } };
  const problem = idProblem(data) ?? sizeProblem(data);
  if (problem) return { problem };
  // The item itself and not what was parsed of it, which may lack names such as __proto__.
  const { content, metadata, client_info: clientInfo } = item;
  const row: ChatEvent = {
    event_id: data.event_id.toLowerCase(),
    event_timestamp: time.text,
    session_id: data.session_id.trim(),
    user_id: data.user_id.trim(),
    event_type: data.event_type,
    content: (content ?? null) as JsonValue,
    metadata: metadataOf(metadata as JsonObject | null | undefined, data.event_type),
    client_info: (clientInfo ?? null) as JsonObject | null,
  };
  return { row };
}
