/** What the credential commands share: finding a caller's credential, sealing a secret, writing a change. */
import { isDeepStrictEqual } from 'node:util';
import { and, count, eq, ne, sql } from 'drizzle-orm';
import type { CredentialSecretInput } from '@/lib/domains/credentials/input';
import { credentialsMirror } from '@/lib/domains/credentials/mirror';
import { maxCredentials } from '@/lib/domains/credentials/rules';
import { asSent, type ParsedSecret, type SecretFields } from '@/lib/domains/credentials/secret';
import { type CloudCredential, cloudCredentials } from '@/lib/domains/credentials/tables';
import { type CredentialView, viewOf } from '@/lib/domains/credentials/view';
import { expiryProblem } from '@/lib/domains/keys/rules';
import type { Change } from '@/lib/kernel/command';
import { actorLabel, type Ctx, requireCustomer } from '@/lib/kernel/ctx';
import { invalidInput } from '@/lib/kernel/input';
import { open, type SealedPlace, seal } from '@/lib/kernel/sealing';
import type { Db, Tx } from '@/lib/platform/db';
import { AppError } from '@/lib/platform/errors';

/** The one place in which this version of a credential's secret opens. */
export const sealedPlace = (customerId: string, credentialId: string, version: number): SealedPlace => ({
  customerId,
  table: 'cloud_credentials',
  column: 'encrypted_credentials',
  id: `${credentialId}:${version}`,
});

export const noSuchCredential = (): AppError => new AppError('not_found', 'There is no such credential.');

const mine = (ctx: Ctx, credentialId: string) =>
  and(
    eq(cloudCredentials.customerId, requireCustomer(ctx).customerId),
    eq(cloudCredentials.credentialId, credentialId),
  );

/** The caller's own credential with its sealed secrets. Throws AppError not_found, also for a foreign id. */
export async function readCredential(store: Db | Tx, ctx: Ctx, credentialId: string): Promise<CloudCredential> {
  const [row] = await store.select().from(cloudCredentials).where(mine(ctx, credentialId));
  if (!row) throw noSuchCredential();
  return row;
}

/** As readCredential, held until `tx` ends; whoever makes a config that names it waits. */
export async function lockStored(tx: Tx, ctx: Ctx, credentialId: string): Promise<CloudCredential> {
  const [row] = await tx.select().from(cloudCredentials).where(mine(ctx, credentialId)).for('update');
  if (!row) throw noSuchCredential();
  return row;
}

const orGone = (row: CloudCredential): CloudCredential => {
  if (!row.isActive) throw noSuchCredential();
  return row;
};

/** As readCredential; a deleted one is not found either. */
export const requireCredential = async (store: Db | Tx, ctx: Ctx, credentialId: string): Promise<CloudCredential> =>
  orGone(await readCredential(store, ctx, credentialId));

/** As lockStored; a deleted one is not found either. */
export const lockCredential = async (tx: Tx, ctx: Ctx, credentialId: string): Promise<CloudCredential> =>
  orGone(await lockStored(tx, ctx, credentialId));

/** Throws AppError conflict for a credential whose secret is gone. */
export function requireActive(row: CloudCredential): void {
  if (!row.isActive) throw new AppError('conflict', 'This credential was deleted. Store a new one.');
}

/** Throws AppError conflict where the customer, whose row is locked or who is only asked in advance, has all it may store. */
export async function requireFreePlace(store: Db | Tx, customerId: string): Promise<void> {
  const active = and(eq(cloudCredentials.customerId, customerId), eq(cloudCredentials.isActive, true));
  const [found] = await store.select({ stored: count() }).from(cloudCredentials).where(active);
  if ((found?.stored ?? 0) < maxCredentials) return;
  throw new AppError('conflict', `${maxCredentials} credentials are stored, which is the most. Delete one first.`, {
    details: { max_credentials: maxCredentials },
  });
}

/** Throws AppError invalid_input where another stored credential has the name. */
export async function requireFreeName(tx: Tx, customerId: string, name: string, except = ''): Promise<void> {
  const { customerId: owner, isActive, credentialId, credentialName } = cloudCredentials;
  const [taken] = await tx
    .select({ credentialId })
    .from(cloudCredentials)
    .where(
      and(
        eq(owner, customerId),
        eq(isActive, true),
        ne(credentialId, except),
        eq(sql`lower(${credentialName})`, sql`lower(${name})`),
      ),
    );
  if (taken) throw invalidInput([{ path: 'name', message: 'Another credential has this name.' }]);
}

/** Throws AppError invalid_input for an expiry that has passed or is too far away; `stored` may stay as it is. */
export function requireSoundExpiry(expiresAt: Date | null | undefined, now: Date, stored: Date | null = null): void {
  if (!expiresAt || expiresAt.getTime() === stored?.getTime()) return;
  const problem = expiryProblem(expiresAt, now);
  if (problem) throw invalidInput([{ path: 'expires_at', message: problem }]);
}

/** What a sealed version holds, in the clear. Calls KMS. Throws AppError key_service_unavailable, or Error where it was damaged. */
export async function openFields(row: CloudCredential, sealed: Buffer, version: number): Promise<SecretFields> {
  const opened = await open(sealed, sealedPlace(row.customerId, row.credentialId, version));
  try {
    return JSON.parse(opened.toString('utf8')) as SecretFields;
  } finally {
    opened.fill(0);
  }
}

/** The secret in use as it was sent, for a connection test. Throws as openFields. */
export const openSecret = async (row: CloudCredential): Promise<CredentialSecretInput> =>
  asSent(row.kind, await openFields(row, row.encryptedCredentials, row.secretVersion));

/** Seals a secret for a version of a credential. Calls KMS: before the transaction. AppError key_service_unavailable. */
export const sealSecret = (secret: ParsedSecret, customerId: string, credentialId: string, version: number) =>
  seal(JSON.stringify(secret.fields), sealedPlace(customerId, credentialId, version));

/** A new secret for a stored credential, sealed for the version that follows the one it was read at. */
export type NextSecret = { parsed: ParsedSecret; sealed: Buffer; version: number };

/**
 * Seals the secret that follows the stored one; null where it is the very same, as on a double click. AppError
 * invalid_input for a secret of another kind, key_service_unavailable.
 */
export async function sealNext(row: CloudCredential, parsed: ParsedSecret): Promise<NextSecret | null> {
  if (parsed.kind !== row.kind) {
    const message = 'The kind of a credential stays. Store another credential for another kind of secret.';
    throw invalidInput([{ path: 'secret.kind', message }]);
  }
  const { customerId, credentialId, secretVersion } = row;
  const stored = await openFields(row, row.encryptedCredentials, secretVersion);
  if (isDeepStrictEqual(stored, parsed.fields)) return null;
  const version = secretVersion + 1;
  return { parsed, version, sealed: await sealSecret(parsed, customerId, credentialId, version) };
}

/** Throws AppError conflict where another secret was stored since this one was sealed: it would not open. */
export function requireNext(row: CloudCredential, next: NextSecret): void {
  if (row.secretVersion === next.version - 1) return;
  throw new AppError('conflict', 'Another secret was stored for this credential meanwhile. Look at it and try again.', {
    details: { secret_version: row.secretVersion },
  });
}

/** What a test found says nothing of another secret, or of other permissions. */
export const untested = {
  validationStatus: null,
  validationError: null,
  lastValidatedAt: null,
  lastCheck: null,
  failingSince: null,
  scopes: [] as string[],
};

/** Columns of a newly stored secret. */
export const secretColumns = ({ parsed, sealed, version }: NextSecret, now: Date) => ({
  encryptedCredentials: sealed,
  secretVersion: version,
  secretStoredAt: now,
  secretHint: parsed.secretHint,
  projectId: parsed.projectId,
  accountId: parsed.accountId,
  region: parsed.region,
  ...untested,
});

export const noOverlap = { previousCredentials: null, previousVersion: null, previousUntil: null };

/** Writes changed columns of a locked credential; answers the change as command, audit and mirror need it. */
export async function changeCredential(
  tx: Tx,
  ctx: Ctx,
  row: CloudCredential,
  columns: Partial<CloudCredential>,
): Promise<Change<CredentialView>> {
  const now = ctx.clock();
  const [changed] = await tx
    .update(cloudCredentials)
    .set({ ...columns, updatedBy: actorLabel(ctx.actor), updatedAt: now })
    .where(eq(cloudCredentials.credentialId, row.credentialId))
    .returning();
  if (!changed) throw new Error('the credential went away under its lock');
  const result = viewOf(changed, now);
  const target = { type: 'credential', id: row.credentialId };
  return { result, target, before: viewOf(row, now), after: result, mirror: [credentialsMirror.ref(changed)] };
}
