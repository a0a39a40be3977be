/** What all that touches a stored credential shares: finding a caller's own one, and sealing and opening its secret. */
import { and, eq } from 'drizzle-orm';
import type { CredentialSecretInput } from '@/lib/domains/credentials/input';
import { type CloudCredential, cloudCredentials } from '@/lib/domains/credentials/tables';
import { type Ctx, requireCustomer } from '@/lib/kernel/ctx';
import { open, type SealedPlace } from '@/lib/kernel/sealing';
import type { db, Tx } from '@/lib/platform/db';
import { AppError } from '@/lib/platform/errors';

/** The one place that a version of a secret may be opened in. */
export const sealedPlace = (customerId: string, credentialId: string, version: number): SealedPlace => ({
  customerId,
  table: 'cloud_credentials',
  column: 'encrypted_credentials',
  id: `${credentialId}:${version}`,
});

const mine = (ctx: Ctx, credentialId: string) =>
  and(
    eq(cloudCredentials.customerId, requireCustomer(ctx).customerId),
    eq(cloudCredentials.credentialId, credentialId),
  );
const unknown = () => new AppError('not_found', 'There is no such credential.');

/** The caller's own credential, without a lock; a foreign, unknown or deleted one is not_found. */
export async function requireCredential(
  store: Tx | ReturnType<typeof db>,
  ctx: Ctx,
  credentialId: string,
): Promise<CloudCredential> {
  const [row] = await store.select().from(cloudCredentials).where(mine(ctx, credentialId));
  if (!row?.isActive) throw unknown();
  return row;
}

/** As requireCredential, locked until the transaction ends. */
export async function lockCredential(tx: Tx, ctx: Ctx, credentialId: string): Promise<CloudCredential> {
  const [row] = await tx.select().from(cloudCredentials).where(mine(ctx, credentialId)).for('update');
  if (!row?.isActive) throw unknown();
  return row;
}

/** The secret in use, opened. Calls KMS. Throws AppError key_service_unavailable. */
export async function openSecret(row: CloudCredential): Promise<CredentialSecretInput> {
  const place = sealedPlace(row.customerId, row.credentialId, row.secretVersion);
  const opened = await open(row.encryptedCredentials, place);
  try {
    return JSON.parse(opened.toString('utf8')) as CredentialSecretInput;
  } finally {
    opened.fill(0);
  }
}
