/** An entry of the log as the calls in it: each with its type, its message id and what its batch said for all. */
import type { EntryMeta } from '@/lib/domains/events/collect/entry-meta';
import { type CallType, callTypes, type ItemProblem } from '@/lib/domains/events/rules';
import { readTime, type SentTime } from '@/lib/domains/events/transform/times';
import type { SentCall } from '@/lib/domains/events/transform/transform';
import { parseJson } from '@/lib/platform/exact-json';
import type { Entry } from '@/lib/warehouse/ingest/log/log';

/** One call of an entry. */
export type Item = {
  index: number;
  messageId: string;
  /** Null where it was refused for having none. */
  type: CallType | null;
  call: SentCall;
  /** Why the door refused it; empty where it was taken. */
  problems: ItemProblem[];
};

export type ReadEntry = { meta: EntryMeta; receivedAt: SentTime; items: Item[] };

const isObject = (value: unknown): value is SentCall =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isCallType = (value: unknown): value is CallType => (callTypes as readonly unknown[]).includes(value);

/** What a batch says of all its calls stands below what a call says itself, name by name. */
function withBatch(batch: SentCall, sent: unknown): SentCall {
  if (!isObject(sent)) return {};
  const call = batch.sentAt && !sent.sentAt ? { ...sent, sentAt: batch.sentAt } : sent;
  if (!isObject(batch.context)) return call;
  return { ...call, context: isObject(sent.context) ? { ...batch.context, ...sent.context } : batch.context };
}

function callsOf(kind: EntryMeta['kind'], body: SentCall): SentCall[] {
  if (kind !== 'batch') return [body];
  const batch = Array.isArray(body.batch) ? body.batch : [];
  return batch.map(sent => withBatch(body, sent));
}

/** The parser's own error would carry a piece of what was sent into the log of the process. */
function jsonObject(text: string): SentCall | null {
  try {
    const value = parseJson(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

/** Throws where the entry is not as the door writes it. */
export function readEntry({ meta: metaText, body: bodyText, shard, position }: Entry): ReadEntry {
  const meta = jsonObject(metaText) as EntryMeta | null;
  const body = jsonObject(bodyText);
  const receivedAt = meta && readTime(meta.receivedAt);
  if (!meta || !receivedAt || !body) throw new Error(`entry ${shard}/${position} is not as the door writes it`);
  const problemsOf = new Map(meta.refused?.map(({ index, problems }) => [index, problems]));
  const items = callsOf(meta.kind, body).map((call, index): Item => {
    const type = meta.kind === 'batch' ? call.type : meta.kind;
    const given = meta.messageIds?.[index];
    const messageId = given ?? (typeof call.messageId === 'string' ? call.messageId : `${shard}-${position}-${index}`);
    return { index, messageId, type: isCallType(type) ? type : null, call, problems: problemsOf.get(index) ?? [] };
  });
  return { meta, receivedAt, items };
}
