/** Times of a schedule at which nothing ran: noted by whoever finds it, told once. Source: docs/architecture.md, Provider configs. */
import { and, asc, eq, inArray, isNull } from 'drizzle-orm';
import { customers } from '@/lib/domains/customers/tables';
import { notify } from '@/lib/domains/notifications/notify';
import type { MissReason } from '@/lib/domains/notifications/rules';
import { scheduleMisses } from '@/lib/domains/notifications/tables';
import { providerConfigs } from '@/lib/domains/providers/tables';
import { addDays, utcDay } from '@/lib/platform/clock';
import type { Tx } from '@/lib/platform/db';

/** A time of a schedule for which no run could be made. */
export type Miss = { customerId: string; configId: string; scheduledFor: Date; reason: MissReason };

/** These stop all configs of a customer, for weeks it may be. */
const ofAll: readonly MissReason[] = ['subscription_inactive', 'customer_suspended'];

/** Monday of the instant's UTC week as yyyy-mm-dd. */
const weekOf = (instant: Date): string => addDays(utcDay(instant), -((instant.getUTCDay() + 6) % 7));

/** Notes the first miss of a config and day; of what stops all configs, the first of a week. */
export async function noteMisses(tx: Tx, misses: readonly Miss[]): Promise<void> {
  if (misses.length === 0) return;
  const rows = misses.map(miss => ({
    ...miss,
    about: ofAll.includes(miss.reason) ? miss.reason : miss.configId,
    day: ofAll.includes(miss.reason) ? weekOf(miss.scheduledFor) : utcDay(miss.scheduledFor),
  }));
  await tx.insert(scheduleMisses).values(rows).onConflictDoNothing();
}

/** Queues the messages of up to `limit` notes, in the transaction that marks them as told; answers how many. */
export async function collectScheduleMisses(
  tx: Tx,
  now: Date,
  only: string[] | undefined,
  limit: number,
): Promise<number> {
  const due = await tx
    .select({ miss: scheduleMisses, name: providerConfigs.configName })
    .from(scheduleMisses)
    .innerJoin(customers, eq(customers.customerId, scheduleMisses.customerId))
    .leftJoin(providerConfigs, eq(providerConfigs.configId, scheduleMisses.configId))
    .where(and(isNull(scheduleMisses.toldAt), only ? inArray(scheduleMisses.customerId, only) : undefined))
    .orderBy(asc(scheduleMisses.scheduledFor))
    .limit(limit)
    .for('update', { of: scheduleMisses, skipLocked: true });
  for (const { miss, name } of due) {
    const { customerId, about, day, configId, scheduledFor, pipelineLoggingId, reason } = miss;
    const data = {
      about_id: about,
      day,
      config_id: configId,
      // A config that is gone meanwhile is named by its id.
      name: name ?? configId,
      scheduled_for: scheduledFor.toISOString(),
      run_id: pipelineLoggingId,
      reason,
    };
    await notify(tx, { event: 'schedule_missed', customerId, at: now, data });
    await tx
      .update(scheduleMisses)
      .set({ toldAt: now })
      .where(
        and(eq(scheduleMisses.customerId, customerId), eq(scheduleMisses.about, about), eq(scheduleMisses.day, day)),
      );
  }
  return due.length;
}
