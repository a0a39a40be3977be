/** Tells people ahead of time that a stored credential expires. Source: docs/architecture.md, Credentials. */
import { and, asc, eq, gt, inArray, lte } from 'drizzle-orm';
import { expiryReminderDays, providerTitles } from '@/lib/domains/credentials/rules';
import { cloudCredentials } from '@/lib/domains/credentials/tables';
import { customers } from '@/lib/domains/customers/tables';
import type { DeadlineReport } from '@/lib/domains/notifications/deadlines';
import { notify } from '@/lib/domains/notifications/notify';
import { markOf } from '@/lib/domains/notifications/rules';
import { type Clock, systemClock } from '@/lib/platform/clock';
import { db, type Tx } from '@/lib/platform/db';

const dayMs = 86_400_000;
const marks = expiryReminderDays.toSorted((a, b) => a - b);
const shown = {
  customerId: cloudCredentials.customerId,
  credentialId: cloudCredentials.credentialId,
  name: cloudCredentials.credentialName,
  provider: cloudCredentials.provider,
  secretStoredAt: cloudCredentials.secretStoredAt,
  expiresAt: cloudCredentials.expiresAt,
};
type Ending = Pick<typeof cloudCredentials.$inferSelect, Exclude<keyof typeof shown, 'name'>> & { name: string };

/** Tells of a customer's credentials; one whose secret came later than a mark is not told of at that mark. */
async function notifyOf(tx: Tx, customerId: string, ending: Ending[], now: Date): Promise<number> {
  let told = 0;
  for (const { credentialId, name, provider, secretStoredAt, expiresAt } of ending) {
    if (!expiresAt) continue;
    const daysLeft = Math.ceil((expiresAt.getTime() - now.getTime()) / dayMs);
    const mark = markOf(daysLeft, marks);
    if (mark === null || expiresAt.getTime() - secretStoredAt.getTime() <= mark * dayMs) continue;
    const data = {
      credential_id: credentialId,
      name,
      provider: providerTitles[provider],
      expires_at: expiresAt.toISOString(),
      mark,
      days_left: daysLeft,
    };
    told += await notify(tx, { event: 'credential_expires', customerId, at: now, data });
  }
  return told;
}

/** Queues messages of stored credentials that expire within 14, 7 or 1 days; each mark once an expiry. */
export async function notifyCredentialExpiry({
  clock = systemClock,
  customers: only,
}: {
  clock?: Clock;
  customers?: string[];
} = {}): Promise<DeadlineReport> {
  const now = clock();
  const horizon = new Date(now.getTime() + Math.max(...marks) * dayMs);
  const ending: Ending[] = await db()
    .select(shown)
    .from(cloudCredentials)
    .innerJoin(customers, eq(customers.customerId, cloudCredentials.customerId))
    .where(
      and(
        eq(cloudCredentials.isActive, true),
        gt(cloudCredentials.expiresAt, now),
        lte(cloudCredentials.expiresAt, horizon),
        inArray(customers.status, ['ACTIVE', 'TRIAL']),
        only ? inArray(cloudCredentials.customerId, only) : undefined,
      ),
    )
    .orderBy(asc(cloudCredentials.expiresAt));
  const byCustomer = Map.groupBy(ending, row => row.customerId);
  let told = 0;
  for (const [customerId, rows] of byCustomer)
    told += await db().transaction(tx => notifyOf(tx, customerId, rows, now));
  return { told, customers: byCustomer.size };
}
