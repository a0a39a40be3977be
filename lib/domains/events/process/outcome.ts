/** What becomes of one call: its receipt, and the rows of it. */
import { type Item, type ReadEntry, readEntry } from '@/lib/domains/events/process/read-entry';
import { type CallType, callProblems, type ItemProblem, type ReceiptOutcome, sizes } from '@/lib/domains/events/rules';
import { transformCall } from '@/lib/domains/events/transform/transform';
import type { Row, TransformNote } from '@/lib/domains/events/transform/transformed';
import { storableStart } from '@/lib/kernel/storable';
import { log } from '@/lib/platform/log';
import type { Entry, Position } from '@/lib/warehouse/ingest/log/log';

/** Whose events they are and where their rows go. */
export type KnownSource = { sourceId: string; customerId: string; dataset: string };

export type Outcome = {
  source: KnownSource;
  place: Position & { index: number };
  messageId: string;
  receivedAt: Date;
  outcome: ReceiptOutcome;
  type: CallType | null;
  event: string | null;
  userId: string | null;
  anonymousId: string | null;
  notes: (ItemProblem | TransformNote)[];
  rows: Row[];
};

/** Of texts that receipts show and are searched by. */
const keptSigns = 200;

/** As Postgres can keep it. */
function kept(value: unknown, most = keptSigns): string | null {
  if (typeof value !== 'string' || value === '') return null;
  return storableStart(value, most);
}

const notProcessed: ItemProblem = { code: 'not_processed', field: '', message: callProblems.not_processed };

function outcomeOf(source: KnownSource, entry: Entry, read: ReadEntry, processedAt: string, item: Item): Outcome {
  const { call, type, index } = item;
  const made: Outcome = {
    source,
    place: { shard: entry.shard, position: entry.position, index },
    messageId: kept(item.messageId, sizes.messageIdSigns) ?? `${entry.shard}-${entry.position}-${index}`,
    receivedAt: new Date(read.receivedAt.ms),
    outcome: 'ACCEPTED',
    type,
    event: type === 'track' ? kept(call.event) : null,
    userId: kept(call.userId),
    anonymousId: kept(call.anonymousId),
    notes: item.problems,
    rows: [],
  };
  if (item.problems.length > 0) return { ...made, outcome: 'REFUSED' };
  if (type === null) return { ...made, outcome: 'REFUSED', notes: [notProcessed] };
  const { receivedAt, meta } = read;
  const facts = { type, messageId: made.messageId, receivedAt, processedAt, ip: meta.ip, userAgent: meta.userAgent };
  try {
    const { rows, notes } = transformCall(call, facts);
    return { ...made, rows, notes };
  } catch (error) {
    log().error({ err: error, source_id: source.sourceId, message_id: made.messageId }, 'an event was not processed');
    return { ...made, outcome: 'REFUSED', notes: [notProcessed] };
  }
}

/** The receipt of an entry that is not processed at all, so that what was sent is not forgotten without a word. */
export function unprocessed(source: KnownSource, entry: Entry): Outcome {
  return {
    source,
    place: { shard: entry.shard, position: entry.position, index: 0 },
    messageId: `${entry.shard}-${entry.position}`,
    receivedAt: entry.appendedAt,
    outcome: 'REFUSED',
    type: null,
    event: null,
    userId: null,
    anonymousId: null,
    notes: [notProcessed],
    rows: [],
  };
}

/** What becomes of the calls of an entry. Never throws: what fails is refused alone, with a note, and logged. */
export function outcomesOf(source: KnownSource, entry: Entry, processedAt: string): Outcome[] {
  try {
    const read = readEntry(entry);
    return read.items.map(item => outcomeOf(source, entry, read, processedAt, item));
  } catch (error) {
    const place = { shard: entry.shard, position: entry.position, source_id: source.sourceId };
    log().error({ err: error, ...place }, 'an entry of the log was not processed');
    return [unprocessed(source, entry)];
  }
}
