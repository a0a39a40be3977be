/** An event and a snapshot as the door writes them into the log and the loader into BigQuery. */
import type { EventType } from '@/lib/domains/agent-log/rules';

export type JsonValue = string | number | boolean | null | JsonValue[] | { [name: string]: JsonValue };
export type JsonObject = { [name: string]: JsonValue };

/** A row of `chat_events`, masked and complete. Of tool events `metadata` holds execution_id and tool_name, at the end also status, error_message and bytes_billed. */
export type ChatEvent = {
  /** UUIDv4 in small letters. */
  event_id: string;
  /** ISO 8601 in UTC with six digits of a second. */
  event_timestamp: string;
  session_id: string;
  user_id: string;
  event_type: EventType;
  content: JsonValue;
  metadata: JsonObject | null;
  client_info: JsonObject | null;
};

/** A row of `repo_snapshots`. */
export type RepoSnapshot = {
  commit_hash: string;
  repo_url: string;
  indexed_at: string;
  file_count: number | null;
  total_tokens: number | null;
  vector_index_path: string | null;
};

/** What an entry of the log holds beside its body, which has one ChatEvent or RepoSnapshot a line; its key is the customer's id. */
export type AgentEntryMeta = {
  kind: 'events' | 'snapshots';
  /** When the request arrived, in ISO 8601. */
  receivedAt: string;
  /** The key that sent it. */
  keyId: string;
};
