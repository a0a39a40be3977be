/** GET /v1/quota */
import { z } from 'zod';
import { readQuota as readCustomerQuota } from '@/lib/domains/quotas/read-quota';
import { customerId } from '@/lib/edge/v1/customer-id';
import { defineV1Route } from '@/lib/edge/v1/define-route';
import { quotaBody, quotaFields } from '@/lib/edge/v1/routes/quota-body';
import { requireCustomer } from '@/lib/kernel/ctx';

const quotaNow = z.strictObject({
  customer_id: z.string(),
  ...quotaFields,
  runs_allowed: z.boolean().meta({ description: 'False while the subscription or a suspension refuses every start.' }),
  refusal_reason: z.enum(['subscription_inactive', 'customer_suspended']).nullable(),
  api_calls_today: z.int(),
  api_calls_month: z.int(),
  api_calls_month_limit: z.int().nullable().meta({ description: 'Null without a limit.' }),
  resets_at: z.iso.datetime().meta({ description: 'When the counts of the day start anew.' }),
  month_resets_at: z.iso.datetime().meta({ description: 'When the counts of the month start anew.' }),
  as_of: z.iso.datetime(),
});

export const readQuota = defineV1Route({
  operationId: 'readQuota',
  method: 'GET',
  path: '/v1/quota',
  who: 'both',
  permission: 'quota:read',
  authorisedBy: 'domain',
  summary: 'Read the quota',
  description: 'What the customer has used today and this month, what it may use, and what runs now. Days are UTC.',
  query: z.strictObject({ customer_id: customerId.optional() }),
  success: { status: 200, description: 'Use and limits, right to the millisecond.', schema: quotaNow },
  errors: ['invalid_input', 'not_found'],
  handler: async ({ ctx }) => {
    const caller = requireCustomer(ctx);
    const quota = await readCustomerQuota(caller);
    const body = {
      customer_id: caller.customerId,
      ...quotaBody(quota),
      runs_allowed: quota.runsAllowed,
      refusal_reason: quota.refusalReason,
      api_calls_today: quota.apiCallsToday,
      api_calls_month: quota.apiCallsMonth,
      api_calls_month_limit: quota.apiCallsMonthLimit,
      resets_at: quota.resetsAt.toISOString(),
      month_resets_at: quota.monthResetsAt.toISOString(),
      as_of: quota.asOf.toISOString(),
    };
    return { status: 200, body };
  },
});
