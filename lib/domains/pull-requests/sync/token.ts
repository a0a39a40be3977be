/** The token of a repository's credential, for the time of one reading. */
import { createHash } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { openFields } from '@/lib/domains/credentials/stored-credential';
import { cloudCredentials } from '@/lib/domains/credentials/tables';
import { forgetEtags } from '@/lib/domains/pull-requests/sync/etags';
import { type Held, inLease } from '@/lib/domains/pull-requests/sync/lease';
import { SyncFailure } from '@/lib/domains/pull-requests/sync/sync-failure';
import { repositories } from '@/lib/domains/pull-requests/tables';
import type { Clock } from '@/lib/platform/clock';
import { db } from '@/lib/platform/db';
import { Secret } from '@/lib/platform/log';

/** Opens it. Throws SyncFailure credential_gone, and AppError key_service_unavailable. */
export async function tokenOf({ repository }: Held): Promise<Secret> {
  const { credentialId, customerId } = repository;
  const [row] = await db().select().from(cloudCredentials).where(eq(cloudCredentials.credentialId, credentialId));
  if (!row?.isActive || row.customerId !== customerId) throw new SyncFailure('credential_gone');
  const { token } = await openFields(row, row.encryptedCredentials, row.secretVersion);
  if (!token) throw new SyncFailure('credential_gone', { detail: 'The credential holds no token of GitHub.' });
  return new Secret(token);
}

/** Forgets all ETags where the last reading had another token: what one may see, another may not. */
export async function noteToken(held: Held, token: Secret, clock: Clock): Promise<void> {
  const tokenHash = createHash('sha256').update(token.reveal()).digest('hex');
  const { repository } = held;
  if (repository.tokenHash === tokenHash) return;
  await inLease(held, clock, async tx => {
    if (repository.tokenHash !== null) await forgetEtags(tx, repository);
    await tx.update(repositories).set({ tokenHash }).where(eq(repositories.repositoryId, repository.repositoryId));
  });
  repository.tokenHash = tokenHash;
}
