/** An entry as people read it: a sentence, the target's name, and which fields changed. */

import { triedSentence } from '@/lib/domains/audit/attempts';
import { actorName, type Names } from '@/lib/domains/audit/names';
import type { AuditEntryRow } from '@/lib/domains/audit/queries';
import { didSentence, targetWord } from '@/lib/domains/audit/rules';

/** Text of a value before and after; null where there was none. */
export type FieldChange = { field: string; before: string | null; after: string | null };

export type EntryView = {
  id: string;
  occurredAt: Date;
  /** Who acted. */
  actor: string;
  actorType: string;
  /** "revoked API key", or "tried to revoke an API key". */
  sentence: string;
  /** What follows the sentence; empty where it needs nothing. */
  object: string;
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

const nameFields = ['name', 'key_name', 'company_name', 'email', 'full_name'];

function nameIn(value: unknown): string | undefined {
  if (!isFields(value)) return undefined;
  for (const field of nameFields) {
    const name = value[field];
    if (typeof name === 'string' && name !== '') return name;
  }
  return nameIn(value.owner);
}

/** What the target was called when it happened, as the entry itself says; else its name now, else its id. */
function targetName(entry: AuditEntryRow, names: Names): string {
  return (
    nameIn(entry.after) ??
    nameIn(entry.before) ??
    names.get(`${entry.target_type}:${entry.target_id}`) ??
    entry.target_id
  );
}

/** Nested objects as `owner.email`; lists stay one value. */
function flatten(value: unknown, prefix = ''): Map<string, string> {
  if (!isFields(value)) return new Map();
  return new Map(
    Object.entries(value).flatMap(([name, item]): [string, string][] => {
      if (item === null || item === undefined) return [];
      if (isFields(item)) return [...flatten(item, `${prefix}${name}.`)];
      return [[prefix + name, valueText(item)]];
    }),
  );
}

const valueText = (value: unknown): string =>
  Array.isArray(value)
    ? value.map(item => (isFields(item) ? JSON.stringify(item) : String(item))).join(', ')
    : String(value);

/** The fields that differ, those of the older row first. Secrets were cut before the entry was written. */
export function changesOf(before: unknown, after: unknown): FieldChange[] {
  const [old, now] = [flatten(before), flatten(after)];
  return [...new Set([...old.keys(), ...now.keys()])]
    .map(field => ({ field, before: old.get(field) ?? null, after: now.get(field) ?? null }))
    .filter(change => change.before !== change.after);
}

/** The entry in words. */
export function viewOf(entry: AuditEntryRow, names: Names): EntryView {
  const denied = entry.outcome === 'denied';
  const name = denied ? '' : targetName(entry, names);
  return {
    id: entry.audit_id,
    occurredAt: entry.occurred_at,
    actor: actorName(entry, names),
    actorType: entry.actor_type,
    sentence: denied ? triedSentence(entry.action) : didSentence(entry.action),
    object: denied || entry.target_type === 'customer' ? '' : name,
    denied,
    occurrences: entry.occurrences ?? 1,
    targetType: entry.target_type,
    targetWord: targetWord(entry.target_type),
    targetId: entry.target_id,
    targetName: name,
    ipPrefix: entry.ip_prefix,
    requestId: entry.request_id,
    userAgent: entry.user_agent,
    changes: changesOf(entry.before, entry.after),
  };
}
