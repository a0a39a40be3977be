/** The operator's service keys: made and revoked by staff or the CLI, stored and audited as customers' keys are. */
import { asc, eq, getTableColumns } from 'drizzle-orm';
import { createServiceKeyInput, revokeServiceKeyInput } from '@/lib/domains/keys/input';
import { newKeyText } from '@/lib/domains/keys/key-format';
import { expiryProblem } from '@/lib/domains/keys/rules';
import { serviceKeys } from '@/lib/domains/keys/tables';
import { type KeyView, viewOf } from '@/lib/domains/keys/view';
import { authorise, type Change, defineCommand } from '@/lib/kernel/command';
import { actorLabel, type Ctx } from '@/lib/kernel/ctx';
import { seal } from '@/lib/kernel/sealing';
import { db } from '@/lib/platform/db';
import { AppError } from '@/lib/platform/errors';
import { newUuid } from '@/lib/platform/ids';
import type { Secret } from '@/lib/platform/log';

/** Creates a service key; the answer holds its plain text, once. AppError invalid_input, key_service_unavailable. */
export const createServiceKey = defineCommand({
  name: 'service_key.create',
  permission: 'staff:write',
  input: createServiceKeyInput,
  prepare: async ({ ctx, input }) => {
    const problem = expiryProblem(input.expires_at, ctx.clock());
    if (problem) throw new AppError('invalid_input', problem, { fields: [{ path: 'expires_at', message: problem }] });
    const apiKeyId = newUuid();
    const text = newKeyText('service');
    const place = { customerId: 'operator', table: 'service_keys', column: 'encrypted_api_key', id: apiKeyId };
    return { apiKeyId, text, encryptedApiKey: await seal(text.secret.reveal(), place) };
  },
  run: async ({ ctx, tx, input, prepared }): Promise<Change<{ key: KeyView; secret: Secret }>> => {
    const now = ctx.clock();
    const who = actorLabel(ctx.actor);
    const { apiKeyId, text, encryptedApiKey } = prepared;
    const [stored] = await tx
      .insert(serviceKeys)
      .values({
        apiKeyId,
        encryptedApiKey,
        apiKeyHash: text.hash,
        keyPrefix: text.prefix,
        keyLast4: text.last4,
        keyName: input.name,
        scopes: input.scopes,
        rateLimitTier: input.rate_limit_tier,
        expiresAt: input.expires_at,
        createdAt: now,
        createdBy: who,
        updatedAt: now,
        updatedBy: who,
      })
      .returning();
    if (!stored) throw new Error('the service key was not stored');
    const key = viewOf(stored, now);
    const target = { type: 'service_key', id: apiKeyId };
    return { result: { key, secret: text.secret }, target, before: null, after: key, mirror: [] };
  },
});

/** Revokes a service key at once; revoking again changes nothing. AppError not_found. */
export const revokeServiceKey = defineCommand({
  name: 'service_key.revoke',
  permission: 'staff:write',
  input: revokeServiceKeyInput,
  run: async ({ ctx, tx, input }): Promise<Change<KeyView>> => {
    const now = ctx.clock();
    const byId = eq(serviceKeys.apiKeyId, input.api_key_id);
    const [key] = await tx.select().from(serviceKeys).where(byId).for('update');
    if (!key) throw new AppError('not_found', 'There is no such service key.');
    if (!key.isActive) return { result: viewOf(key, now), unchanged: true };
    const who = actorLabel(ctx.actor);
    const stop = { isActive: false, deactivatedAt: now, deactivatedBy: who, deactivationReason: input.reason || null };
    const [changed] = await tx
      .update(serviceKeys)
      .set({ ...stop, updatedAt: now, updatedBy: who })
      .where(byId)
      .returning();
    if (!changed) throw new Error('the service key went away under its lock');
    const result = viewOf(changed, now);
    const target = { type: 'service_key', id: key.apiKeyId };
    return { result, target, before: viewOf(key, now), after: result, mirror: [] };
  },
});

/** All service keys, oldest first; staff and the CLI only. They are not mirrored, so Postgres answers. */
export async function listServiceKeys(ctx: Ctx): Promise<KeyView[]> {
  await authorise(ctx, 'staff:read', 'service_key.list');
  const { apiKeyHash: _hash, encryptedApiKey: _sealed, ...readable } = getTableColumns(serviceKeys);
  const inOrder = [asc(serviceKeys.createdAt), asc(serviceKeys.apiKeyId)];
  const rows = await db()
    .select(readable)
    .from(serviceKeys)
    .orderBy(...inOrder);
  return rows.map(row => viewOf(row, ctx.clock()));
}
