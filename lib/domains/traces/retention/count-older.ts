/** What a shorter retention would remove of a customer's rows, for the question that asks before it. */
import { z } from 'zod';
import { firstKeptDay } from '@/lib/domains/traces/retention/retention-days';
import { machinesWrite } from '@/lib/domains/traces/usage/usage';
import type { Ctx } from '@/lib/kernel/ctx';
import { utcDayInput } from '@/lib/kernel/input';
import { defineQuery } from '@/lib/warehouse/query/define-query';

const listOlder = defineQuery({
  name: 'trace_retention.count_older',
  permission: 'traces:read',
  sql: 'traces/count-older.sql',
  withoutOverlay: machinesWrite,
  params: z.strictObject({ before: utcDayInput }),
  bind: ({ before }) => ({ before_day: { type: 'DATE', value: before } }),
  row: z.strictObject({ requests: z.int(), first_day: z.string().nullable(), last_day: z.string().nullable() }),
});

/** Requests of the days that are older than so many; null where there are none. */
export type OlderRequests = { requests: number; firstDay: string; lastDay: string } | null;

/** Requests stored of days that would be kept no longer. AppError forbidden, warehouse_unavailable. */
export async function countOlder(ctx: Ctx, keepDays: number): Promise<OlderRequests> {
  const { rows } = await listOlder(ctx, { before: firstKeptDay(keepDays, ctx.clock()) });
  const [row] = rows;
  if (!row?.first_day || !row.last_day) return null;
  return { requests: row.requests, firstDay: row.first_day, lastDay: row.last_day };
}
