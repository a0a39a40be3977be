/** What the door notes of a request beside its rows, as the log keeps it. */
import type { TraceProblemCode, TraceSource } from '@/lib/domains/traces/rules';

export type RefusedRecord = {
  /** 0 for the first record, line or span of the request. */
  index: number;
  code: TraceProblemCode;
  /** Path in the record; '' for the whole. */
  field: string;
  /** How the record begins, at most keptLineSigns; empty where that many others are kept already. */
  content: string;
};

/** The entry's key is the customer's id, its body one TraceRow a line; empty where all of it was refused. */
export type TraceEntryMeta = {
  /** When the request arrived, in ISO 8601. */
  receivedAt: string;
  /** Of the first record that was taken; of the body where none was. */
  source: TraceSource;
  /** The key that sent it: a customer's or the operator's. */
  keyId: string;
  /** The first problem of each refused record, at most as many as keptDeadLetters. */
  refused: RefusedRecord[];
  refusedCount: number;
  /** Records without a time, which got the time of receipt. */
  assumedTimes: number;
};
