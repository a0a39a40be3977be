/** What runs and calls are used of the quota, right to the millisecond. */
import { z } from 'zod';
import { readQuota } from '@/lib/domains/quotas/read-quota';
import { defineTool } from '@/lib/edge/v1/mcp/define-tool';
import { noteFields } from '@/lib/edge/v1/mcp/tools/shared';
import { quotaNow, quotaNowBody } from '@/lib/edge/v1/routes/quota-body';

export const quota = defineTool({
  name: 'quota',
  title: 'Quota',
  description:
    'Runs started today and this month, runs under way, API calls, their limits, and when they start anew. Ask it before starting runs.',
  scope: 'quota:read',
  operation: 'quota.read',
  input: z.strictObject({}),
  output: quotaNow.extend(noteFields),
  shrinks: [],
  run: async ({ ctx }) => {
    const now = await readQuota(ctx);
    const body = quotaNowBody(ctx.customerId, now);
    const refused = now.refusalReason === null ? '' : ` Starts are refused: ${now.refusalReason}.`;
    const says = `${now.runsToday} of ${now.dailyLimit} runs of today are used, and ${now.running} of ${now.concurrentLimit} run now.${refused}`;
    return { data: { ...body, note: null }, says };
  },
});
