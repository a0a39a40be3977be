/** Who acted, by name: what `created_by` columns and the audit log call a caller, as people read it. */
import { and, eq, inArray, or } from 'drizzle-orm';
import { apiKeys, serviceKeys } from '@/lib/domains/keys/tables';
import { teamMembers, users } from '@/lib/domains/team/tables';
import { type Ctx, requireCustomer } from '@/lib/kernel/ctx';
import { db } from '@/lib/platform/db';

/** Names by label: `user:<id>`, `person:<id>`, `api_key:<id>`, `service:<id>`, or an address. */
export type ActorNames = ReadonlyMap<string, string>;

const labelPattern = /^(user|person|api_key|service|staff|stripe|system)(?::(.*))?$/s;

/** Kind and id of a label; null for an address, and for what a caller wrote in its own words. */
function partsOf(label: string): { type: string; id: string } | null {
  const found = labelPattern.exec(label);
  return found ? { type: found[1] ?? '', id: found[2] ?? '' } : null;
}

type Pair = readonly [label: string, name: string];

async function keyNames(customerId: string, ids: string[]): Promise<Pair[]> {
  if (ids.length === 0) return [];
  const rows = await db()
    .select({ id: apiKeys.apiKeyId, name: apiKeys.keyName })
    .from(apiKeys)
    .where(and(eq(apiKeys.customerId, customerId), inArray(apiKeys.apiKeyId, ids)));
  return rows.map(({ id, name }) => [`api_key:${id}`, name]);
}

async function serviceKeyNames(ids: string[]): Promise<Pair[]> {
  if (ids.length === 0) return [];
  const rows = await db()
    .select({ id: serviceKeys.apiKeyId, name: serviceKeys.keyName })
    .from(serviceKeys)
    .where(inArray(serviceKeys.apiKeyId, ids));
  return rows.map(({ id, name }) => [`service:${id}`, name]);
}

/** Members, present or former, by id and by address; whom the customer never had stays unnamed. */
async function memberNames(customerId: string, ids: string[], emails: string[]): Promise<Pair[]> {
  if (ids.length + emails.length === 0) return [];
  const rows = await db()
    .select({ id: users.userId, email: users.email, name: users.fullName })
    .from(users)
    .innerJoin(teamMembers, eq(teamMembers.userId, users.userId))
    .where(and(eq(teamMembers.customerId, customerId), or(inArray(users.userId, ids), inArray(users.email, emails))));
  return rows.flatMap(({ id, email, name }): Pair[] =>
    [`user:${id}`, `person:${id}`, email].map(label => [label, name ?? email] as const),
  );
}

/** Names, as they are now, of the callers that these labels stand for; people and keys of other customers have none. */
export async function readActorNames(ctx: Ctx, labels: readonly (string | null | undefined)[]): Promise<ActorNames> {
  const { customerId } = requireCustomer(ctx);
  const given = [...new Set(labels)].filter((label): label is string => Boolean(label));
  const idsOf = (...types: string[]): string[] => [
    ...new Set(
      given.flatMap(label => partsOf(label) ?? []).flatMap(({ type, id }) => (types.includes(type) ? id : [])),
    ),
  ];
  const emails = given.filter(label => label.includes('@') && partsOf(label) === null);
  const pairs = await Promise.all([
    memberNames(customerId, idsOf('user', 'person'), emails),
    keyNames(customerId, idsOf('api_key')),
    serviceKeyNames(idsOf('service')),
  ]);
  return new Map(pairs.flat());
}

/**
 * "Mia Kern", "API key “ci-loader”", "Service key “ops-worker”", "Tenantry support", "Tenantry"; an address nobody here
 * has and a caller's own words stay as they are.
 */
export function actorText(label: string, names: ActorNames): string {
  const name = names.get(label);
  const parts = partsOf(label);
  switch (parts?.type) {
    case undefined:
      return name ?? label;
    case 'user':
    case 'person':
      return name ?? 'A former member';
    case 'api_key':
      return `API key ${name ? `“${name}”` : parts?.id}`;
    case 'service':
      return name ? `Service key “${name}”` : 'Service key';
    case 'staff':
      return 'Tenantry support';
    case 'stripe':
      return 'Stripe';
    default:
      return 'Tenantry';
  }
}
