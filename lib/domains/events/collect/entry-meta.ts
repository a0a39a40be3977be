/** What the door notes of a request beside its body, as the log keeps it. */
import type { CallType, ItemProblem } from '@/lib/domains/events/rules';

export type EntryMeta = {
  /** What the path said: one call of a type, or a batch whose items say theirs. */
  kind: CallType | 'batch';
  /** When the request arrived, in ISO 8601: `received_at` of its events. */
  receivedAt: string;
  /** The sender's address, or its network where the source says so; null where it is not known. */
  ip: string | null;
  userAgent: string | null;
  /** Items that were refused, by their index; 0 for a single call. Absent = none. */
  refused?: { index: number; problems: ItemProblem[] }[];
  /** Ids given to items that came without a messageId, by their index. */
  messageIds?: Record<number, string>;
};
