/** GET: the organization's use by UTC day, oldest first, as JSON or as a CSV file (`format=csv`). */
import { z } from 'zod';
import { readDayRange } from '@/lib/domains/quotas/day-range';
import { historyCsv, historyLengths, maxHistoryDays, readHistory } from '@/lib/domains/quotas/history';
import { readQuota } from '@/lib/domains/quotas/read-quota';
import { csvAnswer } from '@/lib/edge/portal/csv-answer';
import { freshnessBody } from '@/lib/edge/portal/page-card';
import { defineRoute } from '@/lib/edge/portal/route';
import { invalidInput, parseInput } from '@/lib/kernel/input';

const lengths = historyLengths.map(String) as ['7', '30', '90'];

const daysInput = z.strictObject({
  days: z.enum(lengths, { error: `Choose one of ${lengths.join(', ')}.` }).default('30'),
  /** First and last UTC day, both included; they win over `days`. */
  from: z.string().max(10).optional(),
  to: z.string().max(10).optional(),
  format: z.enum(['json', 'csv']).default('json'),
});

export const GET = defineRoute({
  summary: 'Read use by day',
  input: daysInput,
  name: 'quota.list_days',
  method: 'GET',
  permission: 'quota:read',
  query: async ({ ctx, raw }) => {
    const { days: length, from, to, format } = parseInput(daysInput, raw);
    const quota = await readQuota(ctx);
    const found = readDayRange(quota.day, { days: Number(length), from, to }, maxHistoryDays);
    if (!found.range) throw invalidInput([{ path: found.field, message: found.problem }]);
    const { days, before: _before, ...age } = await readHistory(ctx, quota, found.range);
    if (format === 'json') return { status: 200, body: { data: days, ...freshnessBody(age) } };
    const name = from || to ? `${found.range.from}-to-${found.range.to}` : `${quota.day}-${length}-days`;
    return csvAnswer(`usage-${name}`, historyCsv(days));
  },
});
