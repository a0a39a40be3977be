/** Events of this month against the limit, for pages and the API. Source: docs/architecture.md, Event collection. */
import { z } from 'zod';
import { warnAtShare } from '@/lib/domains/events/rules';
import { readMonthUse } from '@/lib/domains/events/volume/month-use';
import { nextUtcMonth } from '@/lib/domains/quotas/rules';
import type { CustomerCtx } from '@/lib/kernel/ctx';
import { defineOperation } from '@/lib/kernel/operation';

export type EventUse = {
  /** First day of the UTC month, yyyy-mm-dd. */
  month: string;
  used: number;
  limit: number;
  /** 80 % are used. */
  warned: boolean;
  /** All are used: further ones are refused. */
  reached: boolean;
  /** When the count begins anew. */
  resets_at: Date;
};

const readUse = defineOperation({
  name: 'event_volume.read_use',
  permission: 'events:read',
  input: z.strictObject({}),
  run: async (ctx): Promise<EventUse> => {
    const now = ctx.clock();
    const { month, used, limit } = await readMonthUse(ctx.customerId, now);
    const [warned, reached] = [used >= limit * warnAtShare, used >= limit];
    return { month, used, limit, warned, reached, resets_at: nextUtcMonth(now) };
  },
});

/** The caller's use as the worker has counted it, seconds behind the door. AppError forbidden, insufficient_scope. */
export const eventUse = (ctx: CustomerCtx): Promise<EventUse> => readUse(ctx, {});
