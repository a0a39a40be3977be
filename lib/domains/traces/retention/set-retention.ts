/** How long a customer keeps rows of AI usage; without a choice for ever. Source: docs/spec/001-ai-traces.md, Data Retention. */
import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { retentionInput } from '@/lib/domains/traces/input';
import type { KeepDays } from '@/lib/domains/traces/retention/retention-days';
import { traceSettings } from '@/lib/domains/traces/tables';
import { type Change, defineCommand } from '@/lib/kernel/command';
import { actorLabel, type CustomerCtx, requireCustomer } from '@/lib/kernel/ctx';
import { defineOperation } from '@/lib/kernel/operation';
import { type Db, db, type Tx } from '@/lib/platform/db';

export type Retention = { keep_days: KeepDays };

async function readKeepDays(store: Db | Tx, customerId: string): Promise<KeepDays> {
  const [row] = await store
    .select({ keepDays: traceSettings.keepDays })
    .from(traceSettings)
    .where(eq(traceSettings.customerId, customerId));
  return row?.keepDays ?? null;
}

/** Holds from the next night on: older rows are then removed, and what their days came to is kept. */
export const setRetention = defineCommand({
  name: 'trace_retention.set',
  permission: 'organization:write',
  input: retentionInput,
  run: async ({ ctx, tx, input }): Promise<Change<Retention>> => {
    const { customerId } = requireCustomer(ctx);
    const before = { keep_days: await readKeepDays(tx, customerId) };
    const result = { keep_days: input.keep_days };
    if (before.keep_days === result.keep_days) return { result, unchanged: true };
    const columns = { keepDays: input.keep_days, updatedAt: ctx.clock(), updatedBy: actorLabel(ctx.actor) };
    await tx
      .insert(traceSettings)
      .values({ customerId, ...columns })
      .onConflictDoUpdate({ target: traceSettings.customerId, set: columns });
    return { result, target: { type: 'customer', id: customerId }, before, after: result, mirror: [] };
  },
});

/** Days that rows are kept; null = for ever. */
export const readRetention = defineOperation({
  name: 'trace_retention.read',
  permission: 'traces:read',
  input: z.strictObject({}),
  run: async (ctx: CustomerCtx): Promise<Retention> => ({ keep_days: await readKeepDays(db(), ctx.customerId) }),
});
