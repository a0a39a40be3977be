/** Who asked for runs, by name: API keys of the caller's customer, and people by their address. */
import { and, eq, inArray } from 'drizzle-orm';
import { apiKeys } from '@/lib/domains/keys/tables';
import { teamMembers, users } from '@/lib/domains/team/tables';
import { type Ctx, requireCustomer } from '@/lib/kernel/ctx';
import { db } from '@/lib/platform/db';

export type RunNames = {
  /** Name of a key by its id; a key of nobody here has none. */
  keys: ReadonlyMap<string, string>;
  /** Full name of a member, present or former, by address. */
  people: ReadonlyMap<string, string>;
};

const given = (values: readonly (string | null | undefined)[]): string[] => [
  ...new Set(values.filter((value): value is string => Boolean(value))),
];

/** The names of these key ids and addresses, as they are now. */
export async function readRunNames(
  ctx: Ctx,
  wanted: { keys: readonly (string | null)[]; people: readonly (string | null)[] },
): Promise<RunNames> {
  const { customerId } = requireCustomer(ctx);
  const keys = given(wanted.keys);
  const emails = given(wanted.people).filter(text => text.includes('@'));
  const [keyRows, userRows] = await Promise.all([
    keys.length === 0
      ? []
      : db()
          .select({ id: apiKeys.apiKeyId, name: apiKeys.keyName })
          .from(apiKeys)
          .where(and(eq(apiKeys.customerId, customerId), inArray(apiKeys.apiKeyId, keys))),
    emails.length === 0
      ? []
      : db()
          .select({ email: users.email, name: users.fullName })
          .from(users)
          .innerJoin(teamMembers, eq(teamMembers.userId, users.userId))
          .where(and(eq(teamMembers.customerId, customerId), inArray(users.email, emails))),
  ]);
  return {
    keys: new Map(keyRows.map(({ id, name }) => [id, name])),
    people: new Map(userRows.flatMap(({ email, name }) => (name ? [[email, name] as const] : []))),
  };
}

/** Every key of the customer, to filter by; revoked ones too, since their runs are there. */
export async function listKeyNames(ctx: Ctx): Promise<{ id: string; name: string }[]> {
  const { customerId } = requireCustomer(ctx);
  return db()
    .select({ id: apiKeys.apiKeyId, name: apiKeys.keyName })
    .from(apiKeys)
    .where(eq(apiKeys.customerId, customerId))
    .orderBy(apiKeys.keyName, apiKeys.apiKeyId)
    .limit(200);
}
