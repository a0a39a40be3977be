/** GET: the organization's use by UTC day, oldest first, as JSON or as a CSV file (`format=csv`). */
import { z } from 'zod';
import { historyCsv, historyLengths, readHistory } from '@/lib/domains/quotas/history';
import { readQuota } from '@/lib/domains/quotas/read-quota';
import { csvAnswer } from '@/lib/edge/portal/csv-answer';
import { freshnessBody } from '@/lib/edge/portal/page-card';
import { defineRoute } from '@/lib/edge/portal/route';
import { parseInput } from '@/lib/kernel/input';

const lengths = historyLengths.map(String) as ['7', '30', '90'];

const daysInput = z.strictObject({
  days: z.enum(lengths, { error: `Choose one of ${lengths.join(', ')}.` }).default('30'),
  format: z.enum(['json', 'csv']).default('json'),
});

export const GET = defineRoute({
  name: 'quota.list_days',
  method: 'GET',
  permission: 'quota:read',
  query: async ({ ctx, raw }) => {
    const query = parseInput(daysInput, raw);
    const quota = await readQuota(ctx);
    const length = historyLengths.find(item => String(item) === query.days) ?? 30;
    const { days, ...age } = await readHistory(ctx, quota, length);
    if (query.format === 'json') return { status: 200, body: { data: days, ...freshnessBody(age) } };
    return csvAnswer(`usage-${quota.day}-${length}-days`, historyCsv(days));
  },
});
