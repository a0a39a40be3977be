/** GET: what changing to `plan` would cost now, when it would hold, and what would not fit. */

import { previewChange } from '@/lib/domains/subscriptions/change/preview';
import { previewInput } from '@/lib/domains/subscriptions/input';
import { defineRoute } from '@/lib/edge/portal/route';
import { parseInput } from '@/lib/kernel/input';

export const GET = defineRoute({
  summary: 'Preview a change of plan',
  input: previewInput,
  name: 'subscription.preview',
  method: 'GET',
  permission: 'billing:write',
  query: async ({ ctx, raw }) => ({
    status: 200,
    body: await previewChange(ctx, parseInput(previewInput, raw).plan),
  }),
});
