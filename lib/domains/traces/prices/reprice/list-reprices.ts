/** The customer's last recomputes. */
import { and, desc, eq } from 'drizzle-orm';
import { z } from 'zod';
import { type RepriceRun, repriceRun } from '@/lib/domains/traces/prices/reprice/reprice-run';
import { etlRuns } from '@/lib/domains/traces/tables';
import { defineOperation } from '@/lib/kernel/operation';
import { db } from '@/lib/platform/db';

/** The latest first, at most 20. */
export const listReprices = defineOperation({
  name: 'model_price.list_recomputes',
  permission: 'traces:read',
  input: z.strictObject({ limit: z.coerce.number().int().min(1).max(20).default(20) }),
  run: async ({ customerId }, { limit }): Promise<RepriceRun[]> => {
    const runs = await db()
      .select()
      .from(etlRuns)
      .where(and(eq(etlRuns.customerId, customerId), eq(etlRuns.job, 'reprice-traces')))
      .orderBy(desc(etlRuns.startedAt), desc(etlRuns.id))
      .limit(limit);
    return runs.map(repriceRun);
  },
});
