/** An entry of the agent log as the door wrote it. */
import { microsOf } from '@/lib/domains/agent-log/chain/times';
import type { AgentEntryMeta, ChatEvent, JsonObject, RepoSnapshot } from '@/lib/domains/agent-log/events';
import { eventTypes } from '@/lib/domains/agent-log/rules';
import { isStorable } from '@/lib/kernel/input';
import { maxJsonDepth, unkeepable } from '@/lib/kernel/storable';
import { log } from '@/lib/platform/log';
import type { Entry } from '@/lib/warehouse/ingest/log/log';

export type ReadEntry = { customerId: string; events: ChatEvent[]; snapshots: RepoSnapshot[] };

const uuid = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/;

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '' && isStorable(value);
const isTime = (value: unknown): value is string => typeof value === 'string' && microsOf(value) !== null;
const isObjectOrNull = (value: unknown): value is JsonObject | null =>
  value === null || (typeof value === 'object' && !Array.isArray(value));
const isCountOrNull = (value: unknown): value is number | null => value === null || Number.isSafeInteger(value);

/** The event of a row, with exactly its columns; null where the row is none. */
function eventOf(row: Record<string, unknown>): ChatEvent | null {
  const { event_id, event_timestamp, session_id, user_id, event_type } = row;
  const { content = null, metadata = null, client_info = null } = row as Partial<ChatEvent>;
  const isEvent =
    typeof event_id === 'string' &&
    uuid.test(event_id) &&
    isTime(event_timestamp) &&
    isText(session_id) &&
    isText(user_id) &&
    (eventTypes as readonly unknown[]).includes(event_type) &&
    isObjectOrNull(metadata) &&
    isObjectOrNull(client_info);
  if (!isEvent || [content, metadata, client_info].some(value => unkeepable(value, maxJsonDepth + 1))) return null;
  const type = event_type as ChatEvent['event_type'];
  return { event_id, event_timestamp, session_id, user_id, event_type: type, content, metadata, client_info };
}

function snapshotOf(row: Record<string, unknown>): RepoSnapshot | null {
  const { commit_hash, repo_url, indexed_at } = row;
  const { file_count = null, total_tokens = null, vector_index_path = null } = row as Partial<RepoSnapshot>;
  const isSnapshot =
    isText(commit_hash) &&
    isText(repo_url) &&
    isTime(indexed_at) &&
    isCountOrNull(file_count) &&
    isCountOrNull(total_tokens) &&
    (vector_index_path === null || isText(vector_index_path));
  return isSnapshot ? { commit_hash, repo_url, indexed_at, file_count, total_tokens, vector_index_path } : null;
}

/** The row of a line; null where it is none. */
function rowOf<Row>(line: string, of: (row: Record<string, unknown>) => Row | null): Row | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? of(value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

function kindOf(meta: string): AgentEntryMeta['kind'] | null {
  try {
    const { kind } = JSON.parse(meta) as Partial<AgentEntryMeta>;
    return kind === 'events' || kind === 'snapshots' ? kind : null;
  } catch {
    return null;
  }
}

/** Never throws: lines that are not as the door writes them are left out, and logged without their text. */
export function readEntry({ key, meta, body, shard, position }: Entry): ReadEntry {
  const kind = kindOf(meta);
  const lines = body.split('\n').filter(line => line !== '');
  const rows = <Row>(of: (row: Record<string, unknown>) => Row | null): Row[] =>
    lines.map(line => rowOf(line, of)).filter(row => row !== null);
  const read = {
    customerId: key,
    events: kind === 'events' ? rows(eventOf) : [],
    snapshots: kind === 'snapshots' ? rows(snapshotOf) : [],
  };
  const lost = lines.length - read.events.length - read.snapshots.length;
  if (lost > 0 || kind === null)
    log().error({ shard, position, lines: lost }, 'an entry of the agent log is not as the door writes it');
  return read;
}
