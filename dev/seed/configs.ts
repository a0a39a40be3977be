/** The demo's provider configs: made by the command as an admin would, about pipelines that the history has. */
import { and, eq, sql } from 'drizzle-orm';
import type { DemoConfig } from '@/dev/seed/cast';
import type { Customer } from '@/lib/domains/customers/tables';
import { createConfig } from '@/lib/domains/providers/commands';
import { configsMirror } from '@/lib/domains/providers/mirror';
import { nextRunOf } from '@/lib/domains/providers/schedule/next-run';
import { providerConfigs } from '@/lib/domains/providers/tables';
import { runs } from '@/lib/domains/runs/tables';
import { systemCtx } from '@/lib/kernel/ctx';
import { enqueue } from '@/lib/kernel/outbox';
import { db } from '@/lib/platform/db';

const dayMs = 86_400_000;

/** What the history says of a pipeline. */
async function lastOf(customerId: string, pipelineId: string) {
  const last = (status: string) => sql<string | null>`max(${runs.startTime}) FILTER (WHERE ${runs.status} = ${status})`;
  const [found] = await db()
    .select({ completed: last('COMPLETED'), failed: last('FAILED') })
    .from(runs)
    .where(and(eq(runs.customerId, customerId), eq(runs.pipelineId, pipelineId)));
  const at = (text: string | null | undefined) => (text ? new Date(text) : null);
  const [success, failure] = [at(found?.completed), at(found?.failed)];
  const newest = Math.max(success?.getTime() ?? 0, failure?.getTime() ?? 0);
  return {
    lastRunAt: newest > 0 ? new Date(newest) : null,
    lastSuccessAt: success,
    lastFailureAt: failure,
    consecutiveFailures: failure && failure > (success ?? new Date(0)) ? 1 : 0,
  };
}

/** Stores the customer's configs once its history is there; `credentials` are ids by name. */
export async function seedConfigs(
  demo: readonly DemoConfig[],
  customer: Customer,
  credentials: ReadonlyMap<string, string>,
  now: Date,
): Promise<void> {
  const { customerId, adminEmail } = customer;
  for (const { createdDaysAgo, credential, input } of demo) {
    const createdAt = new Date(now.getTime() - createdDaysAgo * dayMs);
    const { result } = await createConfig(
      systemCtx('seed', customer, () => createdAt),
      { ...input, credential_id: (credential && credentials.get(credential)) ?? null },
    );
    const mine = eq(providerConfigs.configId, result.config_id);
    const last = await lastOf(customerId, result.pipeline_id);
    await db().transaction(async tx => {
      const [row] = await tx.select().from(providerConfigs).where(mine);
      if (!row) throw new Error('the config was not stored');
      // From now on, or the worker would catch up on a time before the demo.
      const changes = { ...last, createdBy: adminEmail, nextRunAt: nextRunOf(row, now) };
      const changed = await tx.update(providerConfigs).set(changes).where(mine).returning();
      await enqueue(
        tx,
        changed.map(config => configsMirror.ref(config)),
      );
    });
  }
}
