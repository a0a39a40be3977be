/** GET /v1/quota */
import { z } from 'zod';
import { readQuota as readCustomerQuota } from '@/lib/domains/quotas/read-quota';
import { customerId } from '@/lib/edge/v1/customer-id';
import { defineV1Route } from '@/lib/edge/v1/define-route';
import { quotaNow, quotaNowBody } from '@/lib/edge/v1/routes/quota-body';
import { requireCustomer } from '@/lib/kernel/ctx';

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
    const body = quotaNowBody(caller.customerId, await readCustomerQuota(caller));
    return { status: 200, body };
  },
});
