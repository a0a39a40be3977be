/** Tells people ahead of time that an API key or the trial ends. Source: docs/architecture.md, Notifications. */
import { and, asc, desc, eq, gt, inArray, isNull, lte } from 'drizzle-orm';
import { customers } from '@/lib/domains/customers/tables';
import { apiKeys } from '@/lib/domains/keys/tables';
import type { EventName } from '@/lib/domains/notifications/events';
import { notify } from '@/lib/domains/notifications/notify';
import { keyMarkDays, markOf, trialMarkDays } from '@/lib/domains/notifications/rules';
import { notifications } from '@/lib/domains/notifications/tables';
import { isLive } from '@/lib/domains/subscriptions/status';
import { subscriptions } from '@/lib/domains/subscriptions/tables';
import { type Clock, systemClock, utcDay } from '@/lib/platform/clock';
import { db, type Tx } from '@/lib/platform/db';

type Scope = { clock?: Clock; customers?: string[] };
export type DeadlineReport = { told: number; customers: number };

const dayMs = 86_400_000;
const inUse = inArray(customers.status, ['ACTIVE', 'TRIAL']);

/** Subjects of this event that are queued or told already, so that a job that runs often does its work once. */
async function subjectsOf(tx: Tx, customerId: string, event: EventName): Promise<Set<string>> {
  const rows = await tx
    .selectDistinct({ subject: notifications.subject })
    .from(notifications)
    .where(and(eq(notifications.customerId, customerId), eq(notifications.event, event)));
  return new Set(rows.map(row => row.subject));
}

type EndingKey = Pick<typeof apiKeys.$inferSelect, 'customerId' | 'apiKeyId' | 'keyName' | 'createdAt' | 'expiresAt'>;

/** Tells of a customer's keys; a key whose whole life is shorter than a mark is not told of at that mark. */
async function notifyOfKeys(tx: Tx, customerId: string, keys: EndingKey[], now: Date): Promise<number> {
  const known = await subjectsOf(tx, customerId, 'key_expires');
  let told = 0;
  for (const { apiKeyId, keyName, createdAt, expiresAt } of keys) {
    if (!expiresAt) continue;
    const daysLeft = Math.ceil((expiresAt.getTime() - now.getTime()) / dayMs);
    const mark = markOf(daysLeft, keyMarkDays);
    if (mark === null || expiresAt.getTime() - createdAt.getTime() <= mark * dayMs) continue;
    const data = {
      api_key_id: apiKeyId,
      name: keyName,
      expires_at: expiresAt.toISOString(),
      mark,
      days_left: daysLeft,
    };
    if (known.has(`${apiKeyId}@${data.expires_at}:${mark}`)) continue;
    told += await notify(tx, { event: 'key_expires', customerId, at: now, data });
  }
  return told;
}

/** Queues messages of active keys without a replacement that end within 14, 7 or 1 days; each mark once a key. */
export async function notifyKeyExpiry({ clock = systemClock, customers: only }: Scope = {}): Promise<DeadlineReport> {
  const now = clock();
  const horizon = new Date(now.getTime() + Math.max(...keyMarkDays) * dayMs);
  const ending: EndingKey[] = await db()
    .select({
      customerId: apiKeys.customerId,
      apiKeyId: apiKeys.apiKeyId,
      keyName: apiKeys.keyName,
      createdAt: apiKeys.createdAt,
      expiresAt: apiKeys.expiresAt,
    })
    .from(apiKeys)
    .innerJoin(customers, eq(customers.customerId, apiKeys.customerId))
    .where(
      and(
        eq(apiKeys.isActive, true),
        isNull(apiKeys.replacedBy),
        gt(apiKeys.expiresAt, now),
        lte(apiKeys.expiresAt, horizon),
        inUse,
        only ? inArray(apiKeys.customerId, only) : undefined,
      ),
    )
    .orderBy(asc(apiKeys.expiresAt));
  const byCustomer = Map.groupBy(ending, key => key.customerId);
  let told = 0;
  for (const [customerId, keys] of byCustomer) {
    told += await db().transaction(tx => notifyOfKeys(tx, customerId, keys, now));
  }
  return { told, customers: byCustomer.size };
}

/**
 * Queues messages of trials that end within 7, 3 or 1 days (UTC days); each mark once a trial. Customers whom Stripe can
 * charge afterwards are not told: nothing ends for them.
 */
export async function notifyTrialEnds({ clock = systemClock, customers: only }: Scope = {}): Promise<DeadlineReport> {
  const now = clock();
  const today = utcDay(now);
  const newest = await db()
    .selectDistinctOn([subscriptions.customerId], {
      customerId: subscriptions.customerId,
      status: subscriptions.status,
      trialEndDate: subscriptions.trialEndDate,
      plan: subscriptions.planName,
      stripeStatus: subscriptions.stripeStatus,
      paymentMethodOnFile: subscriptions.paymentMethodOnFile,
    })
    .from(subscriptions)
    .innerJoin(customers, eq(customers.customerId, subscriptions.customerId))
    .where(and(eq(customers.status, 'TRIAL'), only ? inArray(subscriptions.customerId, only) : undefined))
    .orderBy(asc(subscriptions.customerId), desc(subscriptions.createdAt));
  const report: DeadlineReport = { told: 0, customers: 0 };
  for (const { customerId, status, trialEndDate, plan, stripeStatus, paymentMethodOnFile } of newest) {
    if (status !== 'TRIAL' || !trialEndDate || trialEndDate < today) continue;
    // Stripe goes on from the trial by itself: there is nothing to do, unless it is known to have no card.
    if (paymentMethodOnFile === true || (isLive(stripeStatus) && paymentMethodOnFile !== false)) continue;
    const daysLeft = Math.round((Date.parse(trialEndDate) - Date.parse(today)) / dayMs);
    const mark = markOf(daysLeft, trialMarkDays);
    if (mark === null) continue;
    report.customers++;
    const data = { trial_end_date: trialEndDate, mark, days_left: daysLeft, plan };
    report.told += await db().transaction(tx => notify(tx, { event: 'trial_ends', customerId, at: now, data }));
  }
  return report;
}
