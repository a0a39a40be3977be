/** Names of who acted and what was acted on: ids from the log, names from Postgres as they are now. */
import { and, eq, inArray } from 'drizzle-orm';
import type { AuditEntryRow } from '@/lib/domains/audit/queries';
import { apiKeys } from '@/lib/domains/keys/tables';
import { users } from '@/lib/domains/team/tables';
import { type Ctx, requireCustomer } from '@/lib/kernel/ctx';
import { db } from '@/lib/platform/db';

export type ActorRef = { actor_type: string; actor_id: string };
/** Names by `<type>:<id>`. */
export type Names = ReadonlyMap<string, string>;

const idsOf = (refs: readonly ActorRef[], type: string): string[] => [
  ...new Set(refs.filter(ref => ref.actor_type === type).map(ref => ref.actor_id)),
];

/**
 * Names of the people and keys among these. The ids come from the caller's own log; keys are looked up among the
 * caller's only, people may have left the organization since.
 */
export async function readNames(ctx: Ctx, refs: readonly ActorRef[]): Promise<Names> {
  const { customerId } = requireCustomer(ctx);
  const people = [...new Set([...idsOf(refs, 'user'), ...idsOf(refs, 'person')])];
  const keys = idsOf(refs, 'api_key');
  const [userRows, keyRows] = await Promise.all([
    people.length === 0
      ? []
      : db()
          .select({ id: users.userId, name: users.fullName, email: users.email })
          .from(users)
          .where(inArray(users.userId, people)),
    keys.length === 0
      ? []
      : db()
          .select({ id: apiKeys.apiKeyId, name: apiKeys.keyName })
          .from(apiKeys)
          .where(and(eq(apiKeys.customerId, customerId), inArray(apiKeys.apiKeyId, keys))),
  ]);
  return new Map([
    ...userRows.flatMap(row => [
      [`user:${row.id}`, row.name ?? row.email] as const,
      [`person:${row.id}`, row.name ?? row.email] as const,
    ]),
    ...keyRows.map(row => [`api_key:${row.id}`, row.name] as const),
  ]);
}

/** What readNames must look up for these entries: actors, and targets that are people. */
export const refsOf = (entries: readonly AuditEntryRow[]): ActorRef[] => [
  ...entries,
  ...entries
    .filter(entry => entry.target_type === 'user')
    .map(entry => ({ actor_type: 'user', actor_id: entry.target_id })),
];

/** "Mia Kern", "API key ci-loader", "Tenantry support", "Tenantry": staff and machines of ours stay unnamed. */
export function actorName(ref: ActorRef, names: Names): string {
  const name = names.get(`${ref.actor_type}:${ref.actor_id}`);
  switch (ref.actor_type) {
    case 'user':
    case 'person':
      return name ?? 'A former member';
    case 'api_key':
      return `API key ${name ?? ref.actor_id}`;
    case 'service':
      return 'Tenantry service';
    case 'staff':
      return 'Tenantry support';
    case 'stripe':
      return 'Stripe';
    default:
      return 'Tenantry';
  }
}
