/** Takes the calls of one request: checked, counted against the month, and in the log before anybody hears of success. */
import { type CheckedBody, checkBody, type Refused, type SentBody } from '@/lib/domains/events/collect/check-body';
import type { EntryMeta } from '@/lib/domains/events/collect/entry-meta';
import { keptBody } from '@/lib/domains/events/collect/kept-body';
import type { Sender } from '@/lib/domains/events/collect/sender';
import { AppError, type FieldError } from '@/lib/platform/errors';
import { networkOf } from '@/lib/platform/http/networks';
import { log } from '@/lib/platform/log';
import type { NewEntry } from '@/lib/warehouse/ingest/log/log';

export type Arrival = { receivedAt: Date; ip: string | null; userAgent: string | null };

export type Door = {
  /** Resolves once the entry is durable. */
  append: (entry: NewEntry) => Promise<unknown>;
  /** Counts events as let through, or answers why none is. */
  mayTakeEvents: (customerId: string, count: number) => Promise<AppError | null>;
};

/** Refused items that an answer lists; receipts have them all. */
const listedItems = 100;
const listedFields = 20;

export type RefusedView = {
  index: number;
  message_id: string;
  problems: { code: string; field: string; message: string }[];
};
const refusedView = ({ index, messageId, problems }: Refused): RefusedView => ({
  index,
  message_id: messageId,
  problems,
});

/** The refused items as answers list them. */
export const listed = (refused: readonly Refused[]): RefusedView[] => refused.slice(0, listedItems).map(refusedView);

function entryOf(sender: Sender, sent: SentBody, checked: CheckedBody, arrival: Arrival): NewEntry {
  const { receivedAt, ip, userAgent } = arrival;
  const meta: EntryMeta = {
    kind: sent.kind,
    receivedAt: receivedAt.toISOString(),
    ip: ip !== null && sender.redactsIp ? networkOf(ip) : ip,
    userAgent,
  };
  if (checked.refused.length > 0) meta.refused = checked.refused.map(({ index, problems }) => ({ index, problems }));
  if (checked.hasGivenIds) meta.messageIds = checked.messageIds;
  return { key: sender.sourceId, meta: JSON.stringify(meta), body: keptBody(sent, checked, sender.redactsIp) };
}

/** What the sender hears where nothing of its request is taken. */
function allRefused({ kind }: SentBody, { refused }: CheckedBody): AppError {
  const [first] = refused as [Refused, ...Refused[]];
  const pathOf = (index: number, field: string): string =>
    kind === 'batch' ? ['batch', index, field].filter(part => part !== '').join('.') : field;
  const fields: FieldError[] = refused
    .slice(0, listedFields)
    .flatMap(({ index, problems }) =>
      problems.map(({ code, field, message }) => ({ path: pathOf(index, field), code, message })),
    )
    .slice(0, listedFields);
  const tooLarge = kind !== 'batch' && first.problems.some(({ code }) => code === 'event_too_large');
  const [one] = fields as [FieldError];
  const said = one.path === '' ? one.message : `${one.path}: ${one.message}`;
  const message = refused.length > 1 ? `None of the ${refused.length} calls can be taken. ${said}` : said;
  const details = kind === 'batch' ? { details: { refused: listed(refused), refused_count: refused.length } } : {};
  return new AppError(tooLarge ? 'body_too_large' : 'invalid_input', message, { fields, ...details });
}

/** A refusal is answered as such also where it cannot be noted. */
async function note(door: Door, entry: NewEntry): Promise<void> {
  await door.append(entry).catch((error: unknown) => log().warn({ err: error }, 'refused events could not be noted'));
}

/**
 * Checks and keeps the calls of a request; what is answered of it is durable. Throws AppError invalid_input and
 * body_too_large where nothing can be taken, usage_exceeded,
 * customer_suspended or subscription_inactive, and what the log throws while it is away.
 * Source: docs/architecture.md, Event collection.
 */
export async function takeCalls(door: Door, sender: Sender, sent: SentBody, arrival: Arrival): Promise<CheckedBody> {
  const checked = checkBody(sent);
  const refusal = await door.mayTakeEvents(sender.customerId, checked.accepted);
  if (refusal) throw refusal;
  const entry = entryOf(sender, sent, checked, arrival);
  if (checked.accepted === 0) {
    await note(door, entry);
    throw allRefused(sent, checked);
  }
  await door.append(entry);
  return checked;
}
