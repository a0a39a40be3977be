/** An entry as people read it: a sentence, the target's name, and which fields changed. */

import { triedSentence } from '@/lib/domains/audit/attempts';
import { actorName, isActorField, type Names, refFields } from '@/lib/domains/audit/names';
import type { AuditEntryRow } from '@/lib/domains/audit/queries';
import { didWords, targetWord } from '@/lib/domains/audit/rules';
import { tailOf } from '@/lib/domains/audit/sentences';
import { fieldLabel, isRawId, type ShownValue, shownValue } from '@/lib/domains/audit/values';
import { actorText } from '@/lib/domains/team/actor-names';

/** A field by its label, before and after; null where there was no value. */
export type FieldChange = { field: string; before: ShownValue | null; after: ShownValue | null };

export type EntryView = {
  id: string;
  occurredAt: Date;
  /** Who acted. */
  actor: string;
  actorType: string;
  /** "revoked API key", or "tried to revoke an API key". */
  sentence: string;
  /** The target's name, which follows; empty where the sentence needs none. */
  object: string;
  /** What follows that, with the space before it: " from Viewer to Admin"; empty where there is no more to say. */
  tail: string;
  denied: boolean;
  /** How often it happened within its minute. */
  occurrences: number;
  targetType: string;
  /** "API key". */
  targetWord: string;
  targetId: string;
  targetName: string;
  ipPrefix: string | null;
  requestId: string | null;
  userAgent: string | null;
  changes: FieldChange[];
};

type Fields = Record<string, unknown>;
const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const nameFields = ['name', 'key_name', 'company_name', 'repo', 'model', 'full_name', 'email', 'query_name'];

function nameIn(value: unknown): string | undefined {
  if (!isFields(value)) return undefined;
  for (const field of nameFields) {
    const name = value[field];
    if (typeof name === 'string' && name !== '') return name;
  }
  return nameIn(value.owner);
}

/** A change of the name is told of the old one, a copy of the one it was made from. */
const namedBefore = new Set(['api_key.rename', 'provider_config.duplicate', 'desk.change_saved_query']);

/** What the target was called when it happened, as the entry itself says; else its name now. Empty where nothing names it. */
function targetName(entry: AuditEntryRow, names: Names): string {
  const known = names.get(`${entry.target_type}:${entry.target_id}`);
  const people = entry.target_type === 'member' || entry.target_type === 'user';
  if (people && known) return known;
  const [first, second] = namedBefore.has(entry.action) ? [entry.before, entry.after] : [entry.after, entry.before];
  const copied = entry.action === 'provider_config.duplicate' ? copiedName(entry, names) : undefined;
  const name = copied ?? nameIn(first) ?? nameIn(second) ?? known;
  return name ?? (isRawId(entry.target_id) || entry.target_id.includes('_') ? '' : entry.target_id);
}

const copiedName = ({ after }: AuditEntryRow, names: Names): string | undefined =>
  isFields(after) ? names.get(`provider_config:${String(after.copy_of)}`) : undefined;

/** Nested objects as `owner.email`; lists stay one value. */
function flatten(value: unknown, prefix = ''): Map<string, unknown> {
  if (!isFields(value)) return new Map();
  return new Map(
    Object.entries(value).flatMap(([name, item]): [string, unknown][] => {
      if (item === null || item === undefined) return [];
      if (isFields(item)) return [...flatten(item, `${prefix}${name}.`)];
      return [[prefix + name, item]];
    }),
  );
}

/** A value by its field; things that it names by id get their names beside it. */
function shown(path: string, value: unknown, names: Names): ShownValue | null {
  if (value === undefined) return null;
  const field = path.split('.').at(-1) ?? path;
  if (isActorField(field)) return actorText(String(value), names);
  const type = refFields[field];
  if (type === undefined) return shownValue(field, value);
  const named = [value].flat().map(id => ({ id: String(id), name: names.get(`${type}:${String(id)}`) }));
  const [only] = named;
  if (only && !Array.isArray(value)) return only;
  return named.map(({ id, name }) => name ?? id).join(', ') || 'none';
}

/** Columns that each write changes and that say nothing of what was done. */
const bookkeeping = /(^|\.)(updated_at|updated_by|version|stripe_fetched_at)$/;

/** The fields that differ, those of the older row first. Secrets were cut before the entry was written. */
export function changesOf(before: unknown, after: unknown, names: Names = new Map()): FieldChange[] {
  const [old, now] = [flatten(before), flatten(after)];
  return [...new Set([...old.keys(), ...now.keys()])]
    .filter(path => !bookkeeping.test(path) && String(old.get(path)) !== String(now.get(path)))
    .map(path => ({
      field: fieldLabel(path),
      before: shown(path, old.get(path), names),
      after: shown(path, now.get(path), names),
    }));
}

/** The entry in words. */
export function viewOf(entry: AuditEntryRow, names: Names): EntryView {
  const denied = entry.outcome === 'denied';
  const name = denied ? '' : targetName(entry, names);
  const did = didWords(entry.action, entry.target_type, name !== '');
  const more = tailOf(entry.action, entry.before, entry.after);
  return {
    id: entry.audit_id,
    occurredAt: entry.occurred_at,
    actor: actorName(entry, names),
    actorType: entry.actor_type,
    sentence: denied ? triedSentence(entry.action) : did.sentence,
    object: denied || !did.takesName ? '' : name,
    tail: denied ? '' : following(did.rest.trim()) + following(more),
    denied,
    occurrences: entry.occurrences ?? 1,
    targetType: entry.target_type,
    targetWord: targetWord(entry.target_type),
    targetId: entry.target_id,
    targetName: name,
    ipPrefix: entry.ip_prefix,
    requestId: entry.request_id,
    userAgent: entry.user_agent,
    changes: changesOf(entry.before, entry.after, names),
  };
}

/** What follows a sentence: after a space, but for signs. */
const following = (end: string): string => (end === '' || /^[;:,]/.test(end) ? end : ` ${end}`);

/** The whole sentence after who acted, as plain text. */
export const sentenceOf = ({ sentence, object, tail }: Pick<EntryView, 'sentence' | 'object' | 'tail'>): string =>
  `${sentence}${following(object)}${tail}`;
