/** A person says which account of GitHub a developer of AI usage is, or that one is not, or takes that back. */
import { and, count, eq } from 'drizzle-orm';
import { lockCustomer } from '@/lib/domains/customers/profile';
import { confirmIdentityInput, developerIdInput } from '@/lib/domains/pull-requests/input';
import { suggestLogins } from '@/lib/domains/pull-requests/people/suggest-logins';
import { maxIdentities } from '@/lib/domains/pull-requests/rules';
import { type DeveloperIdentity, developerIdentities as identities } from '@/lib/domains/pull-requests/tables';
import { type Change, defineCommand } from '@/lib/kernel/command';
import { actorLabel, requireCustomer } from '@/lib/kernel/ctx';
import type { Tx } from '@/lib/platform/db';
import { AppError } from '@/lib/platform/errors';

export type IdentityView = Pick<DeveloperIdentity, 'login' | 'state' | 'origin'> & { developer_id: string };

export const identityView = ({ developerId, login, state, origin }: DeveloperIdentity): IdentityView => ({
  developer_id: developerId,
  login,
  state,
  origin,
});

const isOf = (customerId: string, developerId: string) =>
  and(eq(identities.customerId, customerId), eq(identities.developerId, developerId));

async function stored(tx: Tx, customerId: string, developerId: string): Promise<DeveloperIdentity | undefined> {
  const [row] = await tx.select().from(identities).where(isOf(customerId, developerId));
  return row;
}

async function requirePlace(tx: Tx, customerId: string): Promise<void> {
  const [{ known = 0 } = {}] = await tx
    .select({ known: count() })
    .from(identities)
    .where(eq(identities.customerId, customerId));
  if (known >= maxIdentities) throw new AppError('conflict', `At most ${maxIdentities} developers can be mapped.`);
}

async function store(tx: Tx, identity: DeveloperIdentity, before: DeveloperIdentity | undefined) {
  if (!before) await requirePlace(tx, identity.customerId);
  const { customerId: _customer, developerId: _developer, ...changes } = identity;
  await tx
    .insert(identities)
    .values(identity)
    .onConflictDoUpdate({ target: [identities.customerId, identities.developerId], set: changes });
}

const changeOf = (before: DeveloperIdentity | undefined, after: DeveloperIdentity): Change<IdentityView> => ({
  result: identityView(after),
  target: { type: 'developer', id: after.developerId },
  before: before ? identityView(before) : null,
  after: identityView(after),
  mirror: [],
});

export const sameLogin = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

/** Says that the developer is this account; what was said before is replaced. AppError invalid_input, conflict. */
export const confirmIdentity = defineCommand({
  name: 'identity.confirm',
  permission: 'pull-requests:write',
  input: confirmIdentityInput,
  run: async ({ ctx, tx, input: { developer_id: developerId, login } }): Promise<Change<IdentityView>> => {
    const { customerId } = requireCustomer(ctx);
    await lockCustomer(tx, customerId);
    const before = await stored(tx, customerId, developerId);
    if (before?.state === 'CONFIRMED' && sameLogin(before.login, login))
      return { result: identityView(before), unchanged: true };
    const suggested = (await suggestLogins(tx, customerId, [developerId])).get(developerId) ?? [];
    const isSuggested = suggested.length === 1 && sameLogin(suggested[0] ?? '', login);
    const after: DeveloperIdentity = {
      customerId,
      developerId,
      login,
      state: 'CONFIRMED',
      origin: isSuggested ? 'email' : 'person',
      updatedAt: ctx.clock(),
      updatedBy: actorLabel(ctx.actor),
    };
    await store(tx, after, before);
    return changeOf(before, after);
  },
});

/** The account that the developer counts as or is suggested to be; its own name may be a login. */
async function assumedLogin(tx: Tx, customerId: string, developerId: string): Promise<string> {
  const suggested = (await suggestLogins(tx, customerId, [developerId])).get(developerId) ?? [];
  if (suggested.length > 1)
    throw new AppError('conflict', 'Several accounts have this e-mail address: none is suggested. Name the right one.');
  if (suggested[0]) return suggested[0];
  if (!developerId.includes('@')) return developerId;
  throw new AppError('not_found', 'No account of GitHub is known or suggested for this developer.');
}

/** Says that the developer is not the account that was confirmed or is suggested; no other one is suggested then. AppError not_found, conflict. */
export const rejectIdentity = defineCommand({
  name: 'identity.reject',
  permission: 'pull-requests:write',
  input: developerIdInput,
  run: async ({ ctx, tx, input: { developer_id: developerId } }): Promise<Change<IdentityView>> => {
    const { customerId } = requireCustomer(ctx);
    await lockCustomer(tx, customerId);
    const before = await stored(tx, customerId, developerId);
    if (before?.state === 'REJECTED') return { result: identityView(before), unchanged: true };
    const after: DeveloperIdentity = {
      customerId,
      developerId,
      login: before?.login ?? (await assumedLogin(tx, customerId, developerId)),
      state: 'REJECTED',
      origin: 'person',
      updatedAt: ctx.clock(),
      updatedBy: actorLabel(ctx.actor),
    };
    await store(tx, after, before);
    return changeOf(before, after);
  },
});

/** Forgets what was said of the developer: it counts by its own name again, and may be suggested an account. AppError not_found. */
export const removeIdentity = defineCommand({
  name: 'identity.remove',
  permission: 'pull-requests:write',
  input: developerIdInput,
  run: async ({ ctx, tx, input: { developer_id: developerId } }): Promise<Change<IdentityView>> => {
    const { customerId } = requireCustomer(ctx);
    const [gone] = await tx.delete(identities).where(isOf(customerId, developerId)).returning();
    if (!gone) throw new AppError('not_found', 'Nobody has said who this developer is.');
    const before = identityView(gone);
    return { result: before, target: { type: 'developer', id: developerId }, before, after: null, mirror: [] };
  },
});
