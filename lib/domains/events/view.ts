/** Event sources and receipts as callers see them. */
import type { CallType, ItemProblem, ReceiptOutcome } from '@/lib/domains/events/rules';
import type { EventReceipt, EventSource, EventWriteKey } from '@/lib/domains/events/tables';
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
export const rowStates = ['WAITING', 'LOADED', 'DEAD'] as const;
export type RowState = (typeof rowStates)[number];

/** What became of one row of an event. */
export type ReceiptRow = {
  table: string;
  state: RowState;
  /** The load job that brought it, once known; null where a stream did. */
  job_id: string | null;
  /** The Storage Write stream that brought it; null where a load job did. */
  stream: string | null;
  loaded_at: Date | null;
  /** BigQuery's words where the row is dead. */
  error: string | null;
  /** Columns that the row has, by the types of its values; null once the log has the call no longer. */
  columns: { column: string; type: string }[] | null;
  /** What was made or widened in the table for the load that brought it; of columns, those that the row has. */
  changes: { kind: string; column: string | null; from: string | null; to: string | null }[];
  /** Values that no column took. */
  discarded: { column: string; reason: string; value: string }[];
};

/** What is told of a call in a list and alone. */
export type ReceiptSummary = {
  message_id: string;
  source_id: string;
  outcome: ReceiptOutcome;
  /** Null where it was refused for having none. */
  type: CallType | null;
  /** Name of a track call. */
  event: string | null;
  user_id: string | null;
  anonymous_id: string | null;
  received_at: Date;
  recorded_at: Date;
  /** Why it was refused. */
  problems: ItemProblem[];
  /** What was renamed or kept out on the way. */
  notes: TransformNote[];
  /** The call as JSON as it was sent; null once the log has it no longer. */
  body: string | null;
};

export type ReceiptView = ReceiptSummary & {
  rows: ReceiptRow[];
  /** When the same message id came again, the latest first, at most 20. */
  duplicates: Date[];
};

/** One call of the event tail. */
export type TailItem = ReceiptSummary & { tables: string[] };
export type TailPage = { events: TailItem[]; nextCursor: string | null };

/** What a receipt tells by itself; `body` is the call as it was sent. */
export function receiptSummary(receipt: EventReceipt, body: string | null): ReceiptSummary {
  const noted = (receipt.notes ?? []) as (ItemProblem | TransformNote)[];
  return {
    message_id: receipt.messageId,
    source_id: receipt.sourceId,
    outcome: receipt.outcome,
    type: receipt.type,
    event: receipt.event,
    user_id: receipt.userId,
    anonymous_id: receipt.anonymousId,
    received_at: receipt.receivedAt,
    recorded_at: receipt.recordedAt,
    problems: noted.filter(note => 'field' in note),
    notes: noted.filter(note => 'path' in note),
    body,
  };
}
