/** Storing, changing and deleting cloud credentials. Source: docs/architecture.md, Credentials. */
import { and, asc, eq } from 'drizzle-orm';
import { createCredentialInput, deleteCredentialInput, editCredentialInput } from '@/lib/domains/credentials/input';
import { credentialsMirror } from '@/lib/domains/credentials/mirror';
import { kindRules } from '@/lib/domains/credentials/rules';
import { parseSecret } from '@/lib/domains/credentials/secret';
import {
  changeCredential,
  lockStored,
  noOverlap,
  readCredential,
  requireActive,
  requireFreeName,
  requireFreePlace,
  requireNext,
  requireSoundExpiry,
  sealNext,
  sealSecret,
  secretColumns,
  untested,
} from '@/lib/domains/credentials/stored-credential';
import { type CloudCredential, cloudCredentials } from '@/lib/domains/credentials/tables';
import { type CredentialView, viewOf } from '@/lib/domains/credentials/view';
import { lockCustomer } from '@/lib/domains/customers/profile';
import { providerConfigs } from '@/lib/domains/providers/tables';
import { repositories } from '@/lib/domains/pull-requests/tables';
import { type Change, defineCommand } from '@/lib/kernel/command';
import { actorLabel, type Ctx, requireCustomer } from '@/lib/kernel/ctx';
import { type Db, db, type Tx } from '@/lib/platform/db';
import { AppError } from '@/lib/platform/errors';
import { newUuid } from '@/lib/platform/ids';

/** Configs that a refusal names; more of them are only counted. */
const maxNamed = 20;

/** The credential that an earlier submission of the same form stored. AppError conflict where the form says another now. */
async function earlierOf(
  store: Db | Tx,
  ctx: Ctx,
  input: { request_token?: string | undefined; name: string; secret: { kind: string } },
): Promise<CloudCredential | undefined> {
  if (!input.request_token) return undefined;
  const { customerId, requestToken } = cloudCredentials;
  const same = and(eq(customerId, requireCustomer(ctx).customerId), eq(requestToken, input.request_token));
  const [earlier] = await store.select().from(cloudCredentials).where(same);
  if (!earlier || (earlier.credentialName === input.name && earlier.kind === input.secret.kind)) return earlier;
  const message = `This form has stored the credential “${earlier.credentialName}” already. Open the page again to store another one.`;
  throw new AppError('conflict', message, { details: { credential_id: earlier.credentialId } });
}

/**
 * Stores a credential. AppError invalid_input, conflict where the customer has all it may store, key_service_unavailable.
 */
export const createCredential = defineCommand({
  name: 'credential.create',
  permission: 'credentials:write',
  input: createCredentialInput,
  prepare: async ({ ctx, input }) => {
    const { customerId } = requireCustomer(ctx);
    const parsed = parseSecret(input.secret, customerId);
    const earlier = await earlierOf(db(), ctx, input);
    if (earlier) return { earlier };
    requireSoundExpiry(input.expires_at, ctx.clock());
    // Looked at before KMS is asked, so that a full customer costs nothing there; decided under the lock.
    await requireFreePlace(db(), customerId);
    const credentialId = newUuid();
    return {
      credentialId,
      next: { parsed, version: 1, sealed: await sealSecret(parsed, customerId, credentialId, 1) },
    };
  },
  run: async ({ ctx, tx, input, prepared }): Promise<Change<CredentialView>> => {
    const now = ctx.clock();
    const { customerId } = requireCustomer(ctx);
    await lockCustomer(tx, customerId);
    // The second of two submissions at once waited for the first one's commit.
    const earlier = prepared.earlier ?? (await earlierOf(tx, ctx, input));
    if (earlier || !prepared.next) return { result: viewOf(earlier as CloudCredential, now), unchanged: true };
    await requireFreePlace(tx, customerId);
    await requireFreeName(tx, customerId, input.name);
    const { kind } = input.secret;
    const [row] = await tx
      .insert(cloudCredentials)
      .values({
        ...secretColumns(prepared.next, now),
        credentialId: prepared.credentialId,
        customerId,
        kind,
        provider: kindRules[kind].provider,
        credentialType: kindRules[kind].type,
        credentialName: input.name,
        requiredPermissions: input.required_permissions,
        expiresAt: input.expires_at,
        requestToken: input.request_token ?? null,
        createdAt: now,
        createdBy: actorLabel(ctx.actor),
        updatedAt: now,
      })
      .returning();
    if (!row) throw new Error('the credential was not stored');
    const result = viewOf(row, now);
    const target = { type: 'credential', id: row.credentialId };
    return { result, target, before: null, after: result, mirror: [credentialsMirror.ref(row)] };
  },
});

/** Whether none of these columns differs from the stored one. */
const isAsStored = (row: CloudCredential, columns: Partial<CloudCredential>): boolean =>
  Object.entries(columns).every(
    ([name, value]) => JSON.stringify(row[name as keyof CloudCredential]) === JSON.stringify(value),
  );

/**
 * Changes name, permissions or expiry, and puts a new secret in the place of the old one, which ends at once together
 * with an overlap. AppError not_found, invalid_input, conflict for a deleted credential or one that moved meanwhile.
 */
export const editCredential = defineCommand({
  name: 'credential.edit',
  permission: 'credentials:write',
  input: editCredentialInput,
  prepare: async ({ ctx, input }) => {
    const { customerId } = requireCustomer(ctx);
    const row = await readCredential(db(), ctx, input.credential_id);
    requireActive(row);
    return { next: input.secret ? await sealNext(row, parseSecret(input.secret, customerId)) : null };
  },
  run: async ({ ctx, tx, input, prepared: { next } }): Promise<Change<CredentialView>> => {
    const now = ctx.clock();
    // A name is taken or free only while nobody else gives one.
    if (input.name !== undefined) await lockCustomer(tx, requireCustomer(ctx).customerId);
    const row = await lockStored(tx, ctx, input.credential_id);
    requireActive(row);
    requireSoundExpiry(input.expires_at, now, row.expiresAt);
    if (next) requireNext(row, next);
    if (input.name !== undefined) await requireFreeName(tx, row.customerId, input.name, row.credentialId);
    const said: Partial<CloudCredential> = {
      ...(input.name === undefined ? {} : { credentialName: input.name }),
      ...(input.required_permissions === undefined ? {} : { requiredPermissions: input.required_permissions }),
      ...(input.expires_at === undefined ? {} : { expiresAt: input.expires_at }),
    };
    if (!next && isAsStored(row, said)) return { result: viewOf(row, now), unchanged: true };
    const { requiredPermissions = row.requiredPermissions } = said;
    const asksOthers = !isAsStored(row, { requiredPermissions });
    return changeCredential(tx, ctx, row, {
      ...said,
      ...(asksOthers ? untested : {}),
      ...(next ? { ...secretColumns(next, now), ...noOverlap } : {}),
    });
  },
});

/** Throws AppError conflict, which names them, where repositories are read by the credential. */
async function refuseReading(tx: Tx, row: CloudCredential): Promise<void> {
  const { repositoryId, repoSlug, credentialId, customerId, isActive } = repositories;
  const users = await tx
    .select({ repository_id: repositoryId, name: repoSlug })
    .from(repositories)
    .where(and(eq(customerId, row.customerId), eq(credentialId, row.credentialId), eq(isActive, true)))
    .orderBy(asc(repoSlug));
  if (users.length === 0) return;
  const many = users.length === 1 ? '1 repository is' : `${users.length} repositories are`;
  throw new AppError('conflict', `${many} read by this credential. Give them another one first.`, {
    details: { repositories: users.slice(0, maxNamed) },
  });
}

/** Throws AppError conflict, which names them, where provider configs use the credential. */
async function refuseInUse(tx: Tx, row: CloudCredential): Promise<void> {
  const { configId, configName, credentialId, customerId } = providerConfigs;
  const users = await tx
    .select({ config_id: configId, name: configName })
    .from(providerConfigs)
    .where(and(eq(customerId, row.customerId), eq(credentialId, row.credentialId)))
    .orderBy(asc(configName), asc(configId));
  if (users.length === 0) return;
  const many = users.length === 1 ? '1 provider config uses' : `${users.length} provider configs use`;
  throw new AppError('conflict', `${many} this credential. Give them another one first.`, {
    details: { configs: users.slice(0, maxNamed) },
  });
}

/**
 * Deletes a credential: wipes its secrets and keeps the row as evidence; again changes nothing. AppError not_found,
 * conflict while provider configs or repositories name it.
 */
export const deleteCredential = defineCommand({
  name: 'credential.delete',
  permission: 'credentials:write',
  input: deleteCredentialInput,
  run: async ({ ctx, tx, input }): Promise<Change<CredentialView>> => {
    const row = await lockStored(tx, ctx, input.credential_id);
    if (!row.isActive) return { result: viewOf(row, ctx.clock()), unchanged: true };
    await refuseInUse(tx, row);
    await refuseReading(tx, row);
    return changeCredential(tx, ctx, row, { encryptedCredentials: Buffer.alloc(0), ...noOverlap, isActive: false });
  },
});
