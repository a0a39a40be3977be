/** What is left of the events of a user who was erased: what tools took and cost, and nothing that was said. */
import type { ChatEvent, JsonObject } from '@/lib/domains/agent-log/events';

/** Keys of `metadata` that stay. */
export const keptKeys = [
  'execution_id',
  'tool_name',
  'status',
  'latency_ms',
  'model',
  'tokens_in',
  'tokens_out',
  'cost_usd',
  'bytes_billed',
  'repo_url',
  'commit_hash',
] as const;

const kept: ReadonlySet<string> = new Set(keptKeys);

/** Whether nothing else is left of an event, and its user is named as we name them. */
export const isErasedForm = ({ user_id, content, metadata, client_info }: ChatEvent, userRef: string): boolean =>
  user_id === userRef &&
  content === null &&
  client_info === null &&
  Object.keys((metadata ?? {}) as JsonObject).every(key => kept.has(key));
