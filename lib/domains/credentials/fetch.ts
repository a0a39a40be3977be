/** A stored secret for a worker: opened for keys only, audited and counted before it is given out. Source: docs/architecture.md, Credentials. */
import { and, eq } from 'drizzle-orm';
import { fetchCredentialInput } from '@/lib/domains/credentials/input';
import type { CredentialKind, CredentialProvider, CredentialType } from '@/lib/domains/credentials/rules';
import type { SecretFields } from '@/lib/domains/credentials/secret';
import { noSuchCredential, openFields, requireCredential } from '@/lib/domains/credentials/stored-credential';
import type { CloudCredential } from '@/lib/domains/credentials/tables';
import { noteFetch } from '@/lib/domains/credentials/usage';
import { apiKeys } from '@/lib/domains/keys/tables';
import { recordRefusal } from '@/lib/kernel/audit/audit';
import type { CustomerCtx } from '@/lib/kernel/ctx';
import { consume } from '@/lib/kernel/limits';
import { defineOperation } from '@/lib/kernel/operation';
import { db } from '@/lib/platform/db';
import { AppError } from '@/lib/platform/errors';

/** A worker fetches once a run and keeps it for that run; what asks more often has a fault. */
export const fetchRule = { name: 'credential-fetch', points: 60, seconds: 60 };

export type FetchedCredential = {
  credential_id: string;
  name: string;
  provider: CredentialProvider;
  credential_type: CredentialType;
  kind: CredentialKind;
  version: number;
  /** In the clear: hand it to the caller and to nothing else. */
  secret: SecretFields;
  project_id: string | null;
  account_id: string | null;
  region: string | null;
  expires_at: Date | null;
  /** The secret before the last rotation, while it may be fetched by its version. */
  previous: { version: number; valid_until: Date } | null;
};

/** Throws AppError forbidden for a person, who never sees a secret, and not_found for a key that is bound to others. */
async function requireFetcher(ctx: CustomerCtx, credentialId: string): Promise<void> {
  const { actor, customerId } = ctx;
  if (actor.type === 'service') return;
  if (actor.type !== 'api_key') {
    await recordRefusal(ctx, 'credential.fetch');
    throw new AppError('forbidden', 'Secrets are given to API keys only.');
  }
  const [key] = await db()
    .select({ credentialIds: apiKeys.credentialIds })
    .from(apiKeys)
    .where(and(eq(apiKeys.apiKeyId, actor.id), eq(apiKeys.customerId, customerId)));
  if (!key || (key.credentialIds && !key.credentialIds.includes(credentialId))) throw noSuchCredential();
}

const overlapOf = (row: CloudCredential, now: Date): FetchedCredential['previous'] =>
  row.previousVersion !== null && row.previousUntil !== null && row.previousUntil > now
    ? { version: row.previousVersion, valid_until: row.previousUntil }
    : null;

/** The sealed secret that was asked for; the newest where no version is named. Throws AppError not_found. */
function sealedOf(row: CloudCredential, version: number, now: Date): Buffer {
  if (version === row.secretVersion) return row.encryptedCredentials;
  if (version === overlapOf(row, now)?.version && row.previousCredentials) return row.previousCredentials;
  throw new AppError('not_found', 'This version of the credential is not kept any more.');
}

async function takeFetch(ctx: CustomerCtx, credentialId: string): Promise<void> {
  const { allowed, resetSeconds } = await consume(fetchRule, `${ctx.actor.id}:${credentialId}`);
  if (allowed) return;
  const message = `A key may fetch a credential ${fetchRule.points} times a minute. Keep it for the run that needs it.`;
  throw new AppError('rate_limited', message, { retryAfterSeconds: resetSeconds });
}

/**
 * The credential with its secret in the clear, for a key with credentials:read. Foreign, deleted and unbound ones are not
 * found. Throws AppError not_found, rate_limited, key_service_unavailable.
 */
export const fetchCredential = defineOperation({
  name: 'credential.fetch',
  permission: 'credentials:read',
  input: fetchCredentialInput,
  run: async (ctx, input, credentialId: string): Promise<FetchedCredential> => {
    const now = ctx.clock();
    await requireFetcher(ctx, credentialId);
    const row = await requireCredential(db(), ctx, credentialId);
    const version = input.version ?? row.secretVersion;
    const sealed = sealedOf(row, version, now);
    await takeFetch(ctx, credentialId);
    const secret = await openFields(row, sealed, version);
    await noteFetch({ ctx, credentialId, version });
    return {
      credential_id: credentialId,
      name: row.credentialName,
      provider: row.provider,
      credential_type: row.credentialType,
      kind: row.kind,
      version,
      secret,
      project_id: row.projectId,
      account_id: row.accountId,
      region: row.region,
      expires_at: row.expiresAt,
      previous: overlapOf(row, now),
    };
  },
});
