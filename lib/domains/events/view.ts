/** Event sources and receipts as callers see them. */
import type { CallType, ItemProblem, ReceiptOutcome } from '@/lib/domains/events/rules';
import type { EventSource, EventWriteKey } from '@/lib/domains/events/tables';
import type { TransformNote } from '@/lib/domains/events/transform/transformed';

export type WriteKeyView = {
  write_key: string;
  created_at: Date;
  created_by: string;
  /** Until when it works after a rotation; null while it is the current one. */
  expires_at: Date | null;
  last_used_at: Date | null;
};

export type SourceView = {
  source_id: string;
  name: string;
  dataset: string;
  is_enabled: boolean;
  redacts_ip: boolean;
  allowed_origins: string[];
  requests_per_second: number;
  /** Those that work now, the current one first. */
  write_keys: WriteKeyView[];
  created_at: Date;
  created_by: string;
  updated_at: Date;
  updated_by: string;
  first_event_at: Date | null;
  last_event_at: Date | null;
};

/** Whether the door takes calls with this key. */
export const works = (key: Pick<EventWriteKey, 'revokedAt' | 'expiresAt'>, now: Date): boolean =>
  key.revokedAt === null && (key.expiresAt === null || key.expiresAt > now);

/** The view of a source and its keys at `now`. */
export function sourceView(source: EventSource, keys: readonly EventWriteKey[], now: Date): SourceView {
  const current = keys.filter(key => works(key, now)).sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime());
  return {
    source_id: source.sourceId,
    name: source.sourceName,
    dataset: source.dataset,
    is_enabled: source.isEnabled,
    redacts_ip: source.redactsIp,
    allowed_origins: source.allowedOrigins,
    requests_per_second: source.requestsPerSecond,
    write_keys: current.map(key => ({
      write_key: key.writeKey,
      created_at: key.createdAt,
      created_by: key.createdBy,
      expires_at: key.expiresAt,
      last_used_at: key.lastUsedAt,
    })),
    created_at: source.createdAt,
    created_by: source.createdBy,
    updated_at: source.updatedAt,
    updated_by: source.updatedBy,
    first_event_at: source.firstEventAt,
    last_event_at: source.lastEventAt,
  };
}

/** WAITING: in the spool. LOADED: in BigQuery. DEAD: refused by BigQuery even alone. */
export type RowState = 'WAITING' | 'LOADED' | 'DEAD';

/** What became of one row of an event. */
export type ReceiptRow = {
  table: string;
  state: RowState;
  /** The job that brought it, once known. */
  job_id: string | null;
  loaded_at: Date | null;
  /** BigQuery's words where the row is dead. */
  error: string | null;
  /** Values that no column took. */
  discarded: { column: string; reason: string; value: string }[];
};

export type ReceiptView = {
  message_id: string;
  source_id: string;
  outcome: ReceiptOutcome;
  type: CallType | null;
  event: string | null;
  user_id: string | null;
  anonymous_id: string | null;
  received_at: Date;
  recorded_at: Date;
  problems: ItemProblem[];
  notes: TransformNote[];
  rows: ReceiptRow[];
};
