/** Keys bound to stored credentials: only the customer's own, and never more than the key that makes them may fetch. */
import { and, eq, inArray } from 'drizzle-orm';
import { cloudCredentials } from '@/lib/domains/credentials/tables';
import { apiKeys } from '@/lib/domains/keys/tables';
import type { Ctx } from '@/lib/kernel/ctx';
import { invalidInput } from '@/lib/kernel/input';
import { type Db, db, type Tx } from '@/lib/platform/db';
import { AppError } from '@/lib/platform/errors';

/** Throws AppError invalid_input where one of them is not a stored credential of the customer; they stay until `tx` ends. */
export async function requireOwnCredentials(tx: Tx, customerId: string, ids: readonly string[] | null): Promise<void> {
  if (ids === null) return;
  const { customerId: owner, credentialId, isActive } = cloudCredentials;
  const known = await tx
    .select({ credentialId })
    .from(cloudCredentials)
    .where(and(eq(owner, customerId), eq(isActive, true), inArray(credentialId, [...ids])))
    .orderBy(credentialId)
    .for('share');
  const found = new Set(known.map(row => row.credentialId));
  const unknown = ids.flatMap((id, index) => (found.has(id) ? [] : [index]));
  if (unknown.length > 0)
    throw invalidInput(
      unknown.map(index => ({ path: `credential_ids.${index}`, message: 'There is no such credential.' })),
    );
}

type Given = { scopes: readonly string[]; credential_ids: readonly string[] | null };

/** Refuses to give a key credentials that the key which makes it may not fetch. AppError insufficient_scope. */
export async function refuseCredentialsBeyondCaller(
  { actor }: Ctx,
  { scopes, credential_ids: given }: Given,
  store: Db | Tx = db(),
): Promise<void> {
  if (actor.type !== 'api_key' || !scopes.includes('credentials:read')) return;
  const [own] = await store
    .select({ credentialIds: apiKeys.credentialIds })
    .from(apiKeys)
    .where(eq(apiKeys.apiKeyId, actor.id));
  const bound = own?.credentialIds ?? null;
  if (bound === null || given?.every(id => bound.includes(id))) return;
  const message = 'A key that is bound to credentials can give only those.';
  throw new AppError('insufficient_scope', message, { fields: [{ path: 'credential_ids', message }] });
}
