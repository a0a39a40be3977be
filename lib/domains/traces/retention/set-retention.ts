/** How long a customer keeps rows of AI usage; without a choice for ever. Source: docs/spec/001-ai-traces.md, Data Retention. */
import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { retentionDays } from '@/lib/domains/traces/rules';
import { traceSettings } from '@/lib/domains/traces/tables';
import { type Change, defineCommand } from '@/lib/kernel/command';
import { actorLabel, type CustomerCtx, requireCustomer } from '@/lib/kernel/ctx';
import { defineOperation } from '@/lib/kernel/operation';
import { type Db, db, type Tx } from '@/lib/platform/db';

const { least, most } = retentionDays;
const days = z.coerce
  .number()
  .int('Give a whole number of days.')
  .min(least, `At least ${least} days.`)
  .max(most, `At most ${most} days.`);

/** `keep_days`: null, or an empty field of a form, keeps rows for ever. */
const retentionInput = z.strictObject({
  keep_days: z.preprocess(value => (value === '' ? null : value), z.union([z.null(), days])),
});

export type Retention = { keep_days: number | null };

async function readKeepDays(store: Db | Tx, customerId: string): Promise<number | null> {
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
