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
import { maxJsonDepth } from '@/lib/kernel/storable';

export type Fields = Record<string, unknown>;

const texts = ['messageId', 'userId', 'anonymousId', 'groupId', 'previousId', 'event', 'name', 'category'] as const;
const objects = ['context', 'integrations', 'properties', 'traits'] as const;
const times = ['timestamp', 'sentAt', 'originalTimestamp'] as const;

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

/** Types of the fields that have one; null is as good as absent, as SDKs send it. */
function wrongTypes(call: Fields): ItemProblem[] {
  const found: ItemProblem[] = [];
  for (const name of texts) {
    const value = call[name];
    if (value !== undefined && value !== null && typeof value !== 'string') found.push(problem('wrong_type', name));
  }
  for (const name of objects) {
    const value = call[name];
    if (value !== undefined && value !== null && !isFields(value)) found.push(problem('wrong_type', name));
  }
  return found;
}

function wrongTimes(call: Fields): ItemProblem[] {
  const found: ItemProblem[] = [];
  for (const name of times) {
    const value = call[name];
    if (value === undefined || value === null) continue;
    if (typeof value !== 'string' || readTime(value) === null) found.push(problem('bad_time', name));
  }
  return found;
}

/** What is wrong with what a batch says for all of its items. */
export function envelopeProblems({ context, integrations, sentAt }: Fields): ItemProblem[] {
  const common = { context, integrations, sentAt };
  return [...wrongTypes(common), ...wrongTimes(common)];
}

/** What the kind of call asks for. */
function missing(call: Fields, type: CallType): ItemProblem[] {
  const found: ItemProblem[] = [];
  if (type === 'alias') {
    if (!isText(call.previousId)) found.push(problem('previous_missing', 'previousId'));
    if (!isText(call.userId)) found.push(problem('previous_missing', 'userId'));
    return found;
  }
  if (!isText(call.userId) && !isText(call.anonymousId)) found.push(problem('user_missing', 'userId'));
  if (type === 'track' && !isText(call.event)) found.push(problem('event_missing', 'event'));
  if (type === 'group' && !isText(call.groupId)) found.push(problem('group_missing', 'groupId'));
  return found;
}

type Place = { code: CallProblem; path: string[] };

/** The first thing in a value that no store can keep; paths are only made where there is one. */
function unkeepable(value: unknown, depth: number): Place | null {
  if (typeof value === 'string') return isStorable(value) ? null : { code: 'not_text', path: [] };
  if (typeof value === 'number') return Number.isFinite(value) ? null : { code: 'wrong_type', path: [] };
  if (typeof value !== 'object' || value === null) return null;
  if (depth > maxJsonDepth) return { code: 'too_deep', path: [] };
  for (const name in value) {
    if (!isStorable(name)) return { code: 'not_text', path: [] };
    const found = unkeepable((value as Fields)[name], depth + 1);
    if (found) return { code: found.code, path: [name, ...found.path].slice(0, shownLevels) };
  }
  return null;
}

/** Problems of what only a rare body has: NUL, half characters, numbers beyond a double, deep nesting. */
export function rareProblems(value: unknown): ItemProblem[] {
  const found = unkeepable(value, 1);
  return found ? [problem(found.code, found.path.join('.'))] : [];
}

export const sizeProblem = (): ItemProblem => problem('event_too_large', '');

/**
 * Everything wrong with a call, at most eight problems; none for one that may be taken. `kind` is what the path says: of a
 * batch each item names its type.
 */
export function callProblemsOf(value: unknown, kind: CallType | 'batch'): ItemProblem[] {
  if (!isFields(value)) return [problem('not_an_object', '')];
  const type = kind === 'batch' ? value.type : kind;
  if (!isCallType(type)) return [problem('unknown_type', 'type')];
  const found = wrongTypes(value);
  const named = new Set(found.map(({ field }) => field));
  found.push(...missing(value, type).filter(({ field }) => !named.has(field)), ...wrongTimes(value));
  if (typeof value.messageId === 'string' && value.messageId.length >= sizes.messageIdSigns)
    found.push(problem('message_id_too_long', 'messageId'));
  return found.slice(0, maxProblems);
}

/** The message id of a call, where it has one that is kept as it is. */
export function messageIdOf(value: unknown): string | null {
  if (!isFields(value) || typeof value.messageId !== 'string') return null;
  const { messageId } = value;
  return messageId !== '' && messageId.length < sizes.messageIdSigns && isStorable(messageId) ? messageId : null;
}
