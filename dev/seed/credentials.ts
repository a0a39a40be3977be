/** The demo's cloud credentials: stored by the command as an admin would, their secrets made here and opening nothing. */
import { eq } from 'drizzle-orm';
import type { DemoCredential } from '@/dev/seed/cast';
import { secretOf } from '@/dev/testing/credentials/secrets';
import { createCredential } from '@/lib/domains/credentials/commands';
import { credentialsMirror } from '@/lib/domains/credentials/mirror';
import { cloudCredentials } from '@/lib/domains/credentials/tables';
import type { Customer } from '@/lib/domains/customers/tables';
import { systemCtx } from '@/lib/kernel/ctx';
import { enqueue } from '@/lib/kernel/outbox';
import { db } from '@/lib/platform/db';

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
    const { result } = await createCredential(
      systemCtx('seed', customer, () => createdAt),
      { name, secret: secretOf[kind](), expires_at },
    );
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
