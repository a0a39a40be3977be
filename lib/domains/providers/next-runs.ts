/** When schedules run a customer's pipelines next, for the list of pipelines. Source: docs/ui.md, Pipelines. */
import { and, eq, isNotNull, min, sql } from 'drizzle-orm';
import { providerConfigs } from '@/lib/domains/providers/tables';
import { authorise } from '@/lib/kernel/command';
import { type Ctx, requireCustomer } from '@/lib/kernel/ctx';
import { db } from '@/lib/platform/db';

/** The next run of any config of one pipeline; `configId` where only one has a schedule. */
export type NextRun = { at: Date; configId: string | null };

/** By pipeline, those with a time to come, from Postgres. AppError forbidden. */
export async function readNextRuns(ctx: Ctx): Promise<ReadonlyMap<string, NextRun>> {
  await authorise(ctx, 'providers:read', 'provider_config.list_next_runs');
  const { customerId, pipelineId, nextRunAt, configId } = providerConfigs;
  const rows = await db()
    .select({
      pipelineId,
      at: min(nextRunAt),
      configId: sql<string | null>`CASE WHEN count(*) = 1 THEN min(${configId}) END`,
    })
    .from(providerConfigs)
    .where(and(eq(customerId, requireCustomer(ctx).customerId), isNotNull(nextRunAt)))
    .groupBy(pipelineId);
  return new Map(rows.flatMap(({ pipelineId: id, at, configId: only }) => (at ? [[id, { at, configId: only }]] : [])));
}
