/** What is wrong with one call, or one item of a batch: every problem with its code and field. */

import {
  type CallProblem,
  type CallType,
  callProblems,
  callTypes,
  type ItemProblem,
  sizes,
} from '@/lib/domains/events/rules';
import { readTime } from '@/lib/domains/events/transform/times';
import { isStorable } from '@/lib/kernel/input';
import { maxJsonDepth, unkeepable } from '@/lib/kernel/storable';

export type Fields = Record<string, unknown>;

/** Problems that are named of one item; who has more wrong has read enough. */
const maxProblems = 8;
/** Of a path that an answer names. */
const shownLevels = 6;
const shownSigns = 200;

const problem = (code: CallProblem, field: string): ItemProblem => ({
  code,
  field: field.slice(0, shownSigns),
  message: callProblems[code],
});

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isText = (value: unknown): value is string => typeof value === 'string' && value.trim() !== '';
const isCallType = (value: unknown): value is CallType => (callTypes as readonly unknown[]).includes(value);

/** Null is as good as absent, as SDKs send it. */
const isAbsent = (value: unknown): value is undefined | null => value === undefined || value === null;

/** Most calls have nothing wrong, so the list is made for the first problem. */
class Problems {
  list: ItemProblem[] | undefined;

  add(code: CallProblem, field: string): void {
    if (this.list === undefined) this.list = [];
    if (this.list.length < maxProblems) this.list.push(problem(code, field));
  }

  text(value: unknown, field: string): void {
    if (typeof value !== 'string' && !isAbsent(value)) this.add('wrong_type', field);
  }

  object(value: unknown, field: string): void {
    if (!isAbsent(value) && !isFields(value)) this.add('wrong_type', field);
  }

  time(value: unknown, field: string): void {
    if (isAbsent(value)) return;
    if (typeof value !== 'string' || !(plainTime.test(value) || readTime(value))) this.add('bad_time', field);
  }

  /** What a kind of call asks for; a wrong type has been named already. */
  need(value: unknown, code: CallProblem, field: string): void {
    if (isText(value) || (typeof value !== 'string' && !isAbsent(value))) return;
    this.add(code, field);
  }
}

/** What nearly all senders write; the rest is read with more care. */
const plainTime = /^20\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,6})?Z$/;

/** What is wrong with what a batch says for all of its items. */
export function envelopeProblems({ context, integrations, sentAt }: Fields): ItemProblem[] {
  const found = new Problems();
  found.object(context, 'context');
  found.object(integrations, 'integrations');
  found.time(sentAt, 'sentAt');
  return found.list ?? [];
}

/** Names stand one by one: looked up by a variable they cost more than all the rest. */
function findTypes(call: Fields, found: Problems): void {
  found.text(call.messageId, 'messageId');
  found.text(call.userId, 'userId');
  found.text(call.anonymousId, 'anonymousId');
  found.text(call.groupId, 'groupId');
  found.text(call.previousId, 'previousId');
  found.text(call.event, 'event');
  found.text(call.name, 'name');
  found.text(call.category, 'category');
  found.object(call.context, 'context');
  found.object(call.integrations, 'integrations');
  found.object(call.properties, 'properties');
  found.object(call.traits, 'traits');
}

function findMissing(call: Fields, type: CallType, found: Problems): void {
  if (type === 'alias') {
    found.need(call.previousId, 'previous_missing', 'previousId');
    found.need(call.userId, 'previous_missing', 'userId');
    return;
  }
  if (!isText(call.anonymousId)) found.need(call.userId, 'user_missing', 'userId');
  if (type === 'track') found.need(call.event, 'event_missing', 'event');
  if (type === 'group') found.need(call.groupId, 'group_missing', 'groupId');
}

const codeOf = { text: 'not_text', name: 'not_text', number: 'wrong_type', depth: 'too_deep' } as const;

/** Problems of what only a rare body has: NUL, half characters, numbers beyond a double, deep nesting. */
export function rareProblems(value: unknown): ItemProblem[] {
  const found = unkeepable(value, maxJsonDepth);
  return found ? [problem(codeOf[found.what], found.path.slice(0, shownLevels).join('.'))] : [];
}

export const sizeProblem = (): ItemProblem => problem('event_too_large', '');

/**
 * Everything wrong with a call, at most eight problems; undefined for one that may be taken. `kind` is what the path says: of
 * a batch each item names its type.
 */
export function callProblemsOf(value: unknown, kind: CallType | 'batch'): ItemProblem[] | undefined {
  if (!isFields(value)) return [problem('not_an_object', '')];
  const type = kind === 'batch' ? value.type : kind;
  if (!isCallType(type)) return [problem('unknown_type', 'type')];
  const found = new Problems();
  findTypes(value, found);
  findMissing(value, type, found);
  found.time(value.timestamp, 'timestamp');
  found.time(value.sentAt, 'sentAt');
  found.time(value.originalTimestamp, 'originalTimestamp');
  if (typeof value.messageId === 'string' && value.messageId.length >= sizes.messageIdSigns)
    found.add('message_id_too_long', 'messageId');
  return found.list;
}

/** The message id of a call, where it has one that is kept as it is. */
export function messageIdOf(value: unknown): string | null {
  if (!isFields(value) || typeof value.messageId !== 'string') return null;
  const { messageId } = value;
  return messageId !== '' && messageId.length < sizes.messageIdSigns && isStorable(messageId) ? messageId : null;
}
