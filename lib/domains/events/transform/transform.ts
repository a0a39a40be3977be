/** One call in, rows of Segment's BigQuery schema out; pure. Source: docs/spec/004-event-collection.md, Table Structure and Schema Conventions. */
import { type CallType, tableOfType, usersTable } from '@/lib/domains/events/rules';
import { addAll, addNote, addOwn, addText, type Cells, has, newCells } from '@/lib/domains/events/transform/cells';
import { forgetManyColumns, roots } from '@/lib/domains/events/transform/columns';
import { eventTable } from '@/lib/domains/events/transform/names';
import { isInRange, readTime, type SentTime } from '@/lib/domains/events/transform/times';
import type { Row, Transformed, TransformNote } from '@/lib/domains/events/transform/transformed';

/** A call as it was sent, with what its batch said for all; values of fields are as checked at the door. */
export type SentCall = Record<string, unknown>;

/** What is known of a call beside its body. */
export type CallFacts = {
  type: CallType;
  messageId: string;
  receivedAt: SentTime;
  /** `uuid_ts`, in ISO 8601. */
  processedAt: string;
  ip: string | null;
  userAgent: string | null;
};

type Draft = { head: Cells; rest: Cells; notes: TransformNote[] };

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

function sentTime(call: SentCall, field: string, notes: TransformNote[]): SentTime | null {
  const sent = text(call[field]);
  if (sent === null) return null;
  const time = readTime(sent);
  if (!time) addNote(notes, 'time_out_of_range', field, sent);
  return time;
}

/**
 * When it happened, by our clock: received_at − (sent_at − original_timestamp). Without a sent_at the client's own time is
 * all there is; without that, the time of receipt.
 */
function corrected(
  received: SentTime,
  sent: SentTime | null,
  original: SentTime | null,
  notes: TransformNote[],
): string {
  if (!original) return received.text;
  if (!sent) return original.text;
  const ms = received.ms - (sent.ms - original.ms);
  if (ms === received.ms) return received.text;
  if (isInRange(ms)) return new Date(ms).toISOString();
  addNote(notes, 'time_out_of_range', 'timestamp', original.text);
  return received.text;
}

function addTimes({ rest, notes }: Draft, call: SentCall, facts: CallFacts): void {
  const sent = sentTime(call, 'sentAt', notes);
  const original = sentTime(call, 'timestamp', notes) ?? sentTime(call, 'originalTimestamp', notes);
  addText(rest, 'received_at', 'TIMESTAMP', facts.receivedAt.text);
  if (sent) addText(rest, 'sent_at', 'TIMESTAMP', sent.text);
  addText(rest, 'timestamp', 'TIMESTAMP', corrected(facts.receivedAt, sent, original, notes));
  if (original) addText(rest, 'original_timestamp', 'TIMESTAMP', original.text);
  addText(rest, 'uuid_ts', 'TIMESTAMP', facts.processedAt);
}

/** Address and browser are the sender's where the call says nothing else, as a server that reports for its users does. */
function addContext({ rest }: Draft, call: SentCall, facts: CallFacts): void {
  if (isObject(call.context)) addAll(rest, roots.context, call.context);
  if (facts.ip !== null && !has(rest, 'context_ip')) addText(rest, 'context_ip', 'STRING', facts.ip);
  if (facts.userAgent !== null && !has(rest, 'context_user_agent'))
    addText(rest, 'context_user_agent', 'STRING', facts.userAgent);
}

function rowOf(table: string, head: Cells, rest: Cells, mode: Row['mode'] = 'append'): Row {
  const json = `{${head.json.slice(1)}${rest.json}}`;
  // Asking for a sign makes one text of the pieces, which else would all be kept until the row is written.
  json.charCodeAt(0);
  return { table, mode, json, shapes: [head.shape, rest.shape] };
}

const addProperties = ({ rest }: Draft, call: SentCall): void => {
  if (isObject(call.properties)) addAll(rest, roots.properties, call.properties);
};
const addTraits = ({ rest }: Draft, call: SentCall): void => {
  if (isObject(call.traits)) addAll(rest, roots.traits, call.traits);
};

/** `tracks` has what every call has; the table of the event has the properties too. */
function track(draft: Draft, call: SentCall): Row[] {
  const event = text(call.event) ?? '';
  const { name, how } = eventTable(event);
  if (how !== 'as_is') addNote(draft.notes, how === 'cut' ? 'name_too_long' : 'renamed_event', 'event', name);
  addText(draft.rest, 'event', 'STRING', name);
  addText(draft.rest, 'event_text', 'STRING', event);
  const common = rowOf(tableOfType.track, draft.head, draft.rest);
  addProperties(draft, call);
  return [common, rowOf(name, draft.head, draft.rest)];
}

/** A user who is known by id also has a row in `users`, whose `id` is that of the user. */
function identify(draft: Draft, call: SentCall): Row[] {
  addTraits(draft, call);
  const row = rowOf(tableOfType.identify, draft.head, draft.rest);
  const userId = text(call.userId);
  if (userId === null) return [row];
  const head = newCells(draft.notes);
  addText(head, 'id', 'STRING', userId);
  addText(head, 'user_id', 'STRING', userId);
  return [row, rowOf(usersTable, head, draft.rest, 'latest')];
}

const rowsOf: Record<CallType, (draft: Draft, call: SentCall) => Row[]> = {
  track,
  identify,
  page: (draft, call) => viewed('page', draft, call),
  screen: (draft, call) => viewed('screen', draft, call),
  group: (draft, call) => {
    addOwn(draft.rest, 'group_id', text(call.groupId));
    addTraits(draft, call);
    return [rowOf(tableOfType.group, draft.head, draft.rest)];
  },
  alias: (draft, call) => {
    addOwn(draft.rest, 'previous_id', text(call.previousId));
    return [rowOf(tableOfType.alias, draft.head, draft.rest)];
  },
};

function viewed(type: 'page' | 'screen', draft: Draft, call: SentCall): Row[] {
  addOwn(draft.rest, 'name', text(call.name));
  addOwn(draft.rest, 'category', text(call.category));
  addProperties(draft, call);
  return [rowOf(tableOfType[type], draft.head, draft.rest)];
}

/** The rows of a call and what was changed on the way. Values of reserved columns are never overridden. */
export function transformCall(call: SentCall, facts: CallFacts): Transformed {
  forgetManyColumns();
  const notes: TransformNote[] = [];
  const draft: Draft = { head: newCells(notes), rest: newCells(notes), notes };
  addText(draft.head, 'id', 'STRING', facts.messageId);
  const [anonymousId, userId] = [text(call.anonymousId), text(call.userId)];
  if (anonymousId !== null) addText(draft.head, 'anonymous_id', 'STRING', anonymousId);
  if (userId !== null) addText(draft.head, 'user_id', 'STRING', userId);
  addTimes(draft, call, facts);
  addContext(draft, call, facts);
  const rows = rowsOf[facts.type](draft, call);
  return { rows, notes, eventTable: facts.type === 'track' ? (rows[1]?.table ?? null) : null };
}
