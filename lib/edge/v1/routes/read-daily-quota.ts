/** GET /v1/quota/{usage_date} */
import { z } from 'zod';
import { getDailyQuota } from '@/lib/domains/quotas/queries';
import { customerId } from '@/lib/edge/v1/customer-id';
import { defineV1Route } from '@/lib/edge/v1/define-route';
import { utcDayInput } from '@/lib/kernel/input';

const count = z.int().nullable();
const dailyQuota = z.strictObject({
  usage_date: z.iso.date(),
  /** Null on a day without use. */
  quota: z
    .strictObject({
      pipelines_run_today: count,
      daily_limit: count,
      quota_exceeded: z.boolean().nullable(),
      concurrent_pipelines_running: count,
      concurrent_limit: count,
    })
    .nullable()
    .meta({ description: 'Null on a day without use.' }),
});

/** Source: docs/spec/003-customers-dataset.md, get_daily_quota; docs/spec/requirements.md, C-49. */
export const readDailyQuota = defineV1Route({
  operationId: 'readDailyQuota',
  method: 'GET',
  path: '/v1/quota/{usage_date}',
  who: 'both',
  permission: 'quota:read',
  authorisedBy: 'domain',
  summary: 'Read the quota of a day',
  description:
    'Use and limits of one UTC day as BigQuery keeps them, some seconds behind. For today’s exact figures read `/v1/quota`.',
  params: z.object({ usage_date: utcDayInput.meta({ description: 'UTC day, yyyy-mm-dd.', example: '2026-11-21' }) }),
  query: z.strictObject({ customer_id: customerId.optional() }),
  success: { status: 200, description: 'The day’s use and limits; null on a day without use.', schema: dailyQuota },
  errors: ['invalid_input', 'not_found', 'warehouse_unavailable'],
  handler: async ({ ctx, params }) => {
    const { rows } = await getDailyQuota(ctx, { day: params.usage_date });
    return { status: 200, body: { usage_date: params.usage_date, quota: rows[0] ?? null } };
  },
});
