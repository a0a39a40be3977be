/** Creating, renaming and revoking customers' API keys, and setting their rate tier. Source: docs/architecture.md, Keys. */
import { eq } from 'drizzle-orm';
import { refuseCredentialsBeyondCaller, requireOwnCredentials } from '@/lib/domains/keys/bound-credentials';
import { createKeyInput, renameKeyInput, revokeKeyInput, setTierInput } from '@/lib/domains/keys/input';
import { countKeys, lockKeyCount, requireFreeKey } from '@/lib/domains/keys/key-limit';
import { keyRefs } from '@/lib/domains/keys/mirror';
import { expiryProblem, tierRules } from '@/lib/domains/keys/rules';
import {
  keyOfRequest,
  lockKey,
  makeKey,
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
import type { Secret } from '@/lib/platform/log';

/** A key with its plain text, which exists nowhere else. */
export type KeyWithSecret = { key: KeyView; secret: Secret };

/** Writes changed columns of a key; answers the change as command, audit and mirror need it. */
export async function changeKey(tx: Tx, ctx: Ctx, key: ApiKey, columns: Partial<ApiKey>): Promise<Change<KeyView>> {
  const now = ctx.clock();
  const [changed] = await tx
    .update(apiKeys)
    .set({ ...columns, updatedBy: actorLabel(ctx.actor), updatedAt: now })
    .where(eq(apiKeys.apiKeyId, key.apiKeyId))
    .returning();
  if (!changed) throw new Error('the key went away under its lock');
  const result = viewOf(changed, now);
  const target = { type: 'api_key', id: key.apiKeyId };
  return { result, target, before: viewOf(key, now), after: result, mirror: keyRefs(changed) };
}

/**
 * Creates a key; the answer holds its plain text, once. AppError invalid_input, insufficient_scope, conflict where the
 * customer has all its active keys, key_service_unavailable.
 */
export const createKey = defineCommand({
  name: 'api_key.create',
  permission: 'keys:write',
  input: createKeyInput,
  prepare: async ({ ctx, input }) => {
    refuseBeyondCaller(ctx, input.scopes);
    const problem = expiryProblem(input.expires_at, ctx.clock());
    if (problem) throw new AppError('invalid_input', problem, { fields: [{ path: 'expires_at', message: problem }] });
    refuseStaffTier(ctx, input.rate_limit_tier);
    await refuseTierBeyondCaller(ctx, input.rate_limit_tier);
    await refuseCredentialsBeyondCaller(ctx, input);
    const earlier = await keyOfRequest(ctx, input.request_token);
    if (earlier) {
      requireSameForm(earlier, input);
      return { earlier, secret: await secretForRepeat(ctx, earlier) };
    }
    // Looked at before KMS is asked, so that a full customer costs nothing there; decided under the lock.
    requireFreeKey(await countKeys(db(), requireCustomer(ctx).customerId, ctx.clock()));
    return { made: await makeKey(ctx) };
  },
  run: async ({ ctx, tx, input, prepared }): Promise<Change<KeyWithSecret>> => {
    const now = ctx.clock();
    if (prepared.earlier)
      return { result: { key: viewOf(prepared.earlier, now), secret: prepared.secret }, unchanged: true };
    const { customerId } = requireCustomer(ctx);
    const count = await lockKeyCount(tx, customerId, now);
    // The second of two submissions at once waited for the first one's commit.
    if (await keyOfRequest(ctx, input.request_token, tx)) return repeatOf(ctx, tx, input.request_token);
    requireFreeKey(count);
    await requireOwnCredentials(tx, customerId, input.credential_ids);
    const { secret, ...stored } = prepared.made;
    const who = actorLabel(ctx.actor);
    const [key] = await tx
      .insert(apiKeys)
      .values({
        ...stored,
        customerId,
        keyName: input.name,
        scopes: input.scopes,
        credentialIds: input.credential_ids,
        rateLimitTier: input.rate_limit_tier,
        expiresAt: input.expires_at,
        requestToken: input.request_token ?? null,
        createdAt: now,
        createdBy: who,
        updatedAt: now,
        updatedBy: who,
      })
      .returning();
    if (!key) throw new Error('the key was not stored');
    const view = viewOf(key, now);
    const target = { type: 'api_key', id: key.apiKeyId };
    return { result: { key: view, secret }, target, before: null, after: view, mirror: keyRefs(key) };
  },
});

/** The answer to a submission that was made already, with the plain text while it is a double click. */
export async function repeatOf(ctx: Ctx, tx: Tx, token: string | undefined): Promise<Change<KeyWithSecret>> {
  const earlier = await keyOfRequest(ctx, token, tx);
  if (!earlier) throw new AppError('conflict', 'The key was not created. Try again.');
  const secret = await secretForRepeat(ctx, earlier);
  return { result: { key: viewOf(earlier, ctx.clock()), secret }, unchanged: true };
}

/** A form that was sent, changed after "Back" and sent again is another key, not a double click. */
function requireSameForm(earlier: ApiKey, input: { name: string; scopes: readonly string[] }): void {
  if (earlier.keyName === input.name && [...earlier.scopes].sort().join() === [...input.scopes].sort().join()) return;
  const message = `This form has created the key “${earlier.keyName}” already. Open the page again to create another one.`;
  throw new AppError('conflict', message, { details: { api_key_id: earlier.apiKeyId } });
}

function refuseStaffTier(ctx: Ctx, tier: keyof typeof tierRules): void {
  if (tierRules[tier].grantedBy === 'admin' || ctx.actor.type === 'system') return;
  const message = `${tier} is given by support.`;
  throw new AppError('invalid_input', message, { fields: [{ path: 'rate_limit_tier', message }] });
}

/** Renames a key; the same name again changes nothing. */
export const renameKey = defineCommand({
  name: 'api_key.rename',
  permission: 'keys:write',
  input: renameKeyInput,
  run: async ({ ctx, tx, input }): Promise<Change<KeyView>> => {
    const key = await lockKey(tx, ctx, input.api_key_id);
    if (key.keyName === input.name) return { result: viewOf(key, ctx.clock()), unchanged: true };
    return changeKey(tx, ctx, key, { keyName: input.name });
  },
});

/** Revokes a key: checks that start after the answer refuse it. Revoking again changes nothing. */
export const revokeKey = defineCommand({
  name: 'api_key.revoke',
  permission: 'keys:write',
  input: revokeKeyInput,
  run: async ({ ctx, tx, input }): Promise<Change<KeyView>> => {
    const key = await lockKey(tx, ctx, input.api_key_id);
    if (!key.isActive) return { result: viewOf(key, ctx.clock()), unchanged: true };
    return changeKey(tx, ctx, key, {
      isActive: false,
      deactivatedAt: ctx.clock(),
      deactivatedBy: actorLabel(ctx.actor),
      deactivationReason: input.reason || null,
    });
  },
});

/** Staff set a key's rate tier; `ctx` names the customer, whose audit log shows it. */
export const setKeyTier = defineCommand({
  name: 'api_key.set_tier',
  permission: 'staff:write',
  input: setTierInput,
  run: async ({ ctx, tx, input }): Promise<Change<KeyView>> => {
    const key = await lockKey(tx, ctx, input.api_key_id);
    if (key.rateLimitTier === input.rate_limit_tier) return { result: viewOf(key, ctx.clock()), unchanged: true };
    const change = await changeKey(tx, ctx, key, { rateLimitTier: input.rate_limit_tier });
    return 'unchanged' in change ? change : { ...change, after: { ...change.after, reason: input.reason } };
  },
});
