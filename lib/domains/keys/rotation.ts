/** Rotating a key: a new one with the same rights, the old one going on for a chosen time. Source: docs/ui.md, API keys. */
import { refuseCredentialsBeyondCaller } from '@/lib/domains/keys/bound-credentials';
import { changeKey, type KeyWithSecret, repeatOf } from '@/lib/domains/keys/commands';
import { endGraceInput, rotateKeyInput } from '@/lib/domains/keys/input';
import { type KeyCount, lockKeyCount, requireFreeKey, requireRoomForGrace } from '@/lib/domains/keys/key-limit';
import { keyRefs } from '@/lib/domains/keys/mirror';
import { graceEnd, successorExpiry } from '@/lib/domains/keys/rules';
import {
  keyOfRequest,
  lockKey,
  makeKey,
  type NewKey,
  refuseBeyondCaller,
  refuseTierBeyondCaller,
  secretForRepeat,
} from '@/lib/domains/keys/stored-key';
import { type ApiKey, apiKeys } from '@/lib/domains/keys/tables';
import { type KeyView, viewOf } from '@/lib/domains/keys/view';
import { type Change, defineCommand } from '@/lib/kernel/command';
import { actorLabel, type Ctx, requireCustomer } from '@/lib/kernel/ctx';
import { db, type Tx } from '@/lib/platform/db';
import { AppError } from '@/lib/platform/errors';

async function refuseUnrotatable(ctx: Ctx, tx: Tx, key: ApiKey): Promise<void> {
  if (key.replacedBy) {
    throw new AppError('conflict', 'This key was rotated already. Rotate the key that replaced it.', {
      details: { replaced_by: key.replacedBy },
    });
  }
  const { status } = viewOf(key, ctx.clock());
  if (status === 'REVOKED') throw new AppError('conflict', 'A revoked key cannot be rotated. Create a new key.');
  // Its successor's plain text goes to the caller, so the caller must hold all its rights.
  refuseBeyondCaller(ctx, key.scopes);
  await refuseTierBeyondCaller(ctx, key.rateLimitTier, tx);
  await refuseCredentialsBeyondCaller(ctx, { scopes: key.scopes, credential_ids: key.credentialIds }, tx);
}

/** An old key that has stopped, or stops now, makes no overlap; one that had stopped frees no place for its successor. */
function requireRoomFor(old: KeyView, graceSeconds: number, count: KeyCount): void {
  if (old.status === 'EXPIRED') requireFreeKey(count);
  else if (graceSeconds > 0) requireRoomForGrace(count);
}

type Successor = { made: Omit<NewKey, 'secret'>; token: string | undefined };

async function insertSuccessor(tx: Tx, ctx: Ctx, old: ApiKey, { made, token }: Successor): Promise<ApiKey | undefined> {
  const now = ctx.clock();
  const who = actorLabel(ctx.actor);
  const { customerId, keyName, scopes, rateLimitTier, credentialIds } = old;
  const [successor] = await tx
    .insert(apiKeys)
    .values({
      ...made,
      customerId,
      keyName,
      scopes,
      rateLimitTier,
      credentialIds,
      expiresAt: successorExpiry(old, now),
      rotatedFrom: old.apiKeyId,
      requestToken: token ?? null,
      createdAt: now,
      createdBy: who,
      updatedAt: now,
      updatedBy: who,
    })
    .returning();
  return successor;
}

/** Columns of the old key: it works until the grace's end, or stops in this transaction. */
function retirement(old: ApiKey, ctx: Ctx, graceSeconds: number, replacedBy: string): Partial<ApiKey> {
  const now = ctx.clock();
  const stops = {
    isActive: false,
    deactivatedAt: now,
    deactivatedBy: actorLabel(ctx.actor),
    deactivationReason: 'Rotated',
  };
  const { status } = viewOf(old, now);
  if (graceSeconds === 0 || status === 'EXPIRED') return { replacedBy, ...(old.isActive ? stops : {}) };
  return { replacedBy, expiresAt: graceEnd(old.expiresAt, graceSeconds, now) };
}

/**
 * Replaces a key by a new one of the same name, scopes, tier and length of life; the old one goes on for the grace period,
 * never past its own expiry. AppError conflict for a revoked or already rotated key and where too many old keys are in their
 * grace, not_found, insufficient_scope.
 */
export const rotateKey = defineCommand({
  name: 'api_key.rotate',
  permission: 'keys:write',
  input: rotateKeyInput,
  prepare: async ({ ctx, input }) => {
    // Looked at before KMS is asked, so that a wrong id costs nothing there; looked at again under the lock.
    const earlier = await db().transaction(async tx => {
      const key = await lockKey(tx, ctx, input.api_key_id);
      const sent = await keyOfRequest(ctx, input.request_token, tx);
      if (!sent) await refuseUnrotatable(ctx, tx, key);
      return sent;
    });
    if (earlier) return { earlier, secret: await secretForRepeat(ctx, earlier) };
    return { made: await makeKey(ctx) };
  },
  run: async ({ ctx, tx, input, prepared }): Promise<Change<KeyWithSecret & { replaced: KeyView }>> => {
    const now = ctx.clock();
    const count = await lockKeyCount(tx, requireCustomer(ctx).customerId, now);
    const old = await lockKey(tx, ctx, input.api_key_id);
    if (prepared.earlier) {
      const key = viewOf(prepared.earlier, now);
      return { result: { key, secret: prepared.secret, replaced: viewOf(old, now) }, unchanged: true };
    }
    const sent = await keyOfRequest(ctx, input.request_token, tx);
    if (sent) {
      const { result } = await repeatOf(ctx, tx, input.request_token);
      return { result: { ...result, replaced: viewOf(old, now) }, unchanged: true };
    }
    await refuseUnrotatable(ctx, tx, old);
    requireRoomFor(viewOf(old, now), input.grace_seconds, count);
    const { secret, ...made } = prepared.made;
    const successor = await insertSuccessor(tx, ctx, old, { made, token: input.request_token });
    if (!successor) throw new Error('the new key was not stored');
    const retired = await changeKey(tx, ctx, old, retirement(old, ctx, input.grace_seconds, successor.apiKeyId));
    const key = viewOf(successor, now);
    return {
      result: { key, secret, replaced: retired.result },
      target: { type: 'api_key', id: old.apiKeyId },
      before: viewOf(old, now),
      after: { ...retired.result, replacement: key },
      mirror: keyRefs(successor, old),
    };
  },
});

/** Ends the grace of a rotated key now; one whose grace is over already stays as it is. */
export const endGrace = defineCommand({
  name: 'api_key.end_grace',
  permission: 'keys:write',
  input: endGraceInput,
  run: async ({ ctx, tx, input }): Promise<Change<KeyView>> => {
    const key = await lockKey(tx, ctx, input.api_key_id);
    if (!key.replacedBy) throw new AppError('conflict', 'This key was not rotated. Revoke it instead.');
    if (!key.isActive) return { result: viewOf(key, ctx.clock()), unchanged: true };
    return changeKey(tx, ctx, key, {
      isActive: false,
      deactivatedAt: ctx.clock(),
      deactivatedBy: actorLabel(ctx.actor),
      deactivationReason: 'Grace period ended early',
    });
  },
});
