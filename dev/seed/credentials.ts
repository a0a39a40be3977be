/** The demo's cloud credentials: stored and tested by the commands as an admin would; the local double of the providers takes them. */
import { eq } from 'drizzle-orm';
import type { DemoCredential } from '@/dev/seed/cast';
import {
  anthropicAccount,
  awsAccount,
  awsRole,
  azureAccount,
  gcpAccount,
  openaiAccount,
} from '@/dev/testing/providers/cloud-accounts';
import { newToken } from '@/dev/testing/pull-requests/github-double';
import { testCredential } from '@/lib/domains/credentials/check/test-credential';
import { createCredential } from '@/lib/domains/credentials/commands';
import type { CredentialSecretInput } from '@/lib/domains/credentials/input';
import { credentialsMirror } from '@/lib/domains/credentials/mirror';
import { awsExternalId, type CredentialKind } from '@/lib/domains/credentials/rules';
import { cloudCredentials } from '@/lib/domains/credentials/tables';
import type { Customer } from '@/lib/domains/customers/tables';
import { systemCtx } from '@/lib/kernel/ctx';
import { enqueue } from '@/lib/kernel/outbox';
import { db } from '@/lib/platform/db';

/** A credential that works, of each kind. */
const accounts: Record<CredentialKind, (customerId: string) => Promise<{ secret: CredentialSecretInput }>> = {
  gcp_service_account: () => gcpAccount(),
  aws_access_key: () => awsAccount(),
  aws_role: customerId => awsRole(awsExternalId(customerId)),
  azure_client_secret: () => azureAccount(),
  openai_api_key: () => openaiAccount(),
  anthropic_api_key: () => anthropicAccount(),
  github_token: async () => ({ secret: { kind: 'github_token', token: await newToken({ login: 'acme-bot' }) } }),
};

const dayMs = 86_400_000;
const minuteMs = 60_000;

/** Stores the customer's credentials with the use they have seen; answers their ids by name. */
export async function seedCredentials(
  demo: readonly DemoCredential[],
  customer: Customer,
  now: Date,
): Promise<Map<string, string>> {
  const ids = new Map<string, string>();
  for (const { name, kind, createdDaysAgo, expiresInDays, lastUsedMinutesAgo, usageCount } of demo) {
    const createdAt = new Date(now.getTime() - createdDaysAgo * dayMs);
    const expires_at = expiresInDays === null ? null : new Date(now.getTime() + expiresInDays * dayMs).toISOString();
    const { secret } = await accounts[kind](customer.customerId);
    const { result } = await createCredential(
      systemCtx('seed', customer, () => createdAt),
      { name, secret, expires_at },
    );
    await testCredential(systemCtx('seed', customer), { credential_id: result.credential_id });
    ids.set(name, result.credential_id);
    const lastUsedAt = lastUsedMinutesAgo === null ? null : new Date(now.getTime() - lastUsedMinutesAgo * minuteMs);
    await db().transaction(async tx => {
      const used = await tx
        .update(cloudCredentials)
        .set({ lastUsedAt, usageCount, createdBy: customer.adminEmail })
        .where(eq(cloudCredentials.credentialId, result.credential_id))
        .returning();
      await enqueue(
        tx,
        used.map(row => credentialsMirror.ref(row)),
      );
    });
  }
  return ids;
}
