/** Names of who acted and what was acted on: ids from the log, names from Postgres as they are now. */
import { and, eq, inArray, sql } from 'drizzle-orm';
import type { AuditEntryRow } from '@/lib/domains/audit/queries';
import { cloudCredentials } from '@/lib/domains/credentials/tables';
import { eventSources } from '@/lib/domains/events/tables';
import { providerConfigs } from '@/lib/domains/providers/tables';
import { type ActorNames, actorText, readActorNames } from '@/lib/domains/team/actor-names';
import { teamMembers } from '@/lib/domains/team/tables';
import { type Ctx, requireCustomer } from '@/lib/kernel/ctx';
import { db } from '@/lib/platform/db';

export type ActorRef = { actor_type: string; actor_id: string };
/** Names by `<type>:<id>`. */
export type Names = ActorNames;

const labelOf = ({ actor_type, actor_id }: ActorRef): string => (actor_type ? `${actor_type}:${actor_id}` : actor_id);

type Row = { id: string; name: string };

/** How the names of things that do not act are read: those of the caller's own, by id. */
const lookups: Record<string, (customerId: string, ids: string[]) => Promise<Row[]>> = {
  member: (customerId, ids) =>
    db()
      .select({ id: teamMembers.memberId, name: sql<string>`COALESCE(${teamMembers.fullName}, ${teamMembers.email})` })
      .from(teamMembers)
      .where(and(eq(teamMembers.customerId, customerId), inArray(teamMembers.memberId, ids))),
  credential: (customerId, ids) =>
    db()
      .select({ id: cloudCredentials.credentialId, name: cloudCredentials.credentialName })
      .from(cloudCredentials)
      .where(and(eq(cloudCredentials.customerId, customerId), inArray(cloudCredentials.credentialId, ids))),
  provider_config: (customerId, ids) =>
    db()
      .select({ id: providerConfigs.configId, name: providerConfigs.configName })
      .from(providerConfigs)
      .where(and(eq(providerConfigs.customerId, customerId), inArray(providerConfigs.configId, ids))),
  event_source: (customerId, ids) =>
    db()
      .select({ id: eventSources.sourceId, name: eventSources.sourceName })
      .from(eventSources)
      .where(and(eq(eventSources.customerId, customerId), inArray(eventSources.sourceId, ids))),
};

/** Names of the people and things among these, which come from the caller's own log; what is gone has none. */
export async function readNames(ctx: Ctx, refs: readonly ActorRef[]): Promise<Names> {
  const { customerId } = requireCustomer(ctx);
  const things = Object.entries(lookups).map(async ([type, read]) => {
    const ids = [...new Set(refs.filter(ref => ref.actor_type === type).map(ref => ref.actor_id))];
    const rows = ids.length === 0 ? [] : await read(customerId, ids);
    return rows.map(({ id, name }) => [`${type}:${id}`, name] as const);
  });
  const [actors, ...found] = await Promise.all([readActorNames(ctx, refs.map(labelOf)), ...things]);
  return new Map([...actors, ...found.flat()]);
}

/** Fields that name another thing by its id. */
export const refFields: Record<string, string> = {
  credential_id: 'credential',
  credentials: 'credential',
  credential_ids: 'credential',
  copy_of: 'provider_config',
  replaced_by: 'api_key',
  rotated_from: 'api_key',
};

/** Fields that say who did something, by the label of a caller. */
export const isActorField = (name: string): boolean => /_by$/.test(name) && refFields[name] === undefined;

function refsIn(fields: unknown): ActorRef[] {
  if (typeof fields !== 'object' || fields === null) return [];
  return Object.entries(fields).flatMap(([name, value]) => {
    if (isActorField(name) && typeof value === 'string') return [{ actor_type: '', actor_id: value }];
    const type = refFields[name];
    return type ? [value].flat().map(id => ({ actor_type: type, actor_id: String(id) })) : [];
  });
}

/** What readNames must look up for these entries: who acted, on what, and what a change names by id. */
export const refsOf = (entries: readonly AuditEntryRow[]): ActorRef[] =>
  entries.flatMap(entry => [
    entry,
    { actor_type: entry.target_type, actor_id: entry.target_id },
    ...refsIn(entry.before),
    ...refsIn(entry.after),
  ]);

/** "Mia Kern", "API key “ci-loader”", "Tenantry support", "Tenantry". */
export const actorName = (ref: ActorRef, names: Names): string => actorText(labelOf(ref), names);
