/** Rotating a credential: a new secret, while the one before may be fetched by its version until the overlap ends. */
import { endOverlapInput, rotateCredentialInput } from '@/lib/domains/credentials/input';
import { parseSecret } from '@/lib/domains/credentials/secret';
import {
  changeCredential,
  lockStored,
  noOverlap,
  readCredential,
  requireActive,
  requireNext,
  requireSoundExpiry,
  sealNext,
  secretColumns,
} from '@/lib/domains/credentials/stored-credential';
import { type CredentialView, viewOf } from '@/lib/domains/credentials/view';
import { graceEnd } from '@/lib/domains/keys/rules';
import { type Change, defineCommand } from '@/lib/kernel/command';
import { requireCustomer } from '@/lib/kernel/ctx';
import { db } from '@/lib/platform/db';

/**
 * Stores a new secret and keeps the one before for the overlap, never past its own expiry; an earlier overlap ends. The
 * same secret again changes nothing. AppError not_found, invalid_input, conflict where it moved meanwhile.
 */
export const rotateCredential = defineCommand({
  name: 'credential.rotate',
  permission: 'credentials:write',
  input: rotateCredentialInput,
  prepare: async ({ ctx, input }) => {
    const { customerId } = requireCustomer(ctx);
    const row = await readCredential(db(), ctx, input.credential_id);
    requireActive(row);
    return { next: await sealNext(row, parseSecret(input.secret, customerId)) };
  },
  run: async ({ ctx, tx, input, prepared: { next } }): Promise<Change<CredentialView>> => {
    const now = ctx.clock();
    const row = await lockStored(tx, ctx, input.credential_id);
    requireActive(row);
    if (!next) return { result: viewOf(row, now), unchanged: true };
    requireSoundExpiry(input.expires_at, now);
    requireNext(row, next);
    return changeCredential(tx, ctx, row, {
      ...secretColumns(next, now),
      expiresAt: input.expires_at,
      previousCredentials: row.encryptedCredentials,
      previousVersion: row.secretVersion,
      previousUntil: graceEnd(row.expiresAt, input.overlap_seconds, now),
    });
  },
});

/** Ends an overlap now: only the newest secret is given out. Without one nothing changes. AppError not_found. */
export const endOverlap = defineCommand({
  name: 'credential.end_overlap',
  permission: 'credentials:write',
  input: endOverlapInput,
  run: async ({ ctx, tx, input }): Promise<Change<CredentialView>> => {
    const row = await lockStored(tx, ctx, input.credential_id);
    if (row.previousCredentials === null) return { result: viewOf(row, ctx.clock()), unchanged: true };
    return changeCredential(tx, ctx, row, noOverlap);
  },
});
