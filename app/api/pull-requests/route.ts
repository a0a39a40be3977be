/** GET: pull requests with what AI cost on each, filtered: JSON in pages with their totals, or a CSV file of them (`format=csv`). */
import { z } from 'zod';
import {
  countCost,
  listPullRequests,
  listPullRequestsInput,
  pullRequestsCsv,
} from '@/lib/domains/pull-requests/usage/list-pull-requests';
import { csvAnswer } from '@/lib/edge/portal/csv-answer';
import { freshnessBody } from '@/lib/edge/portal/page-card';
import { defineRoute } from '@/lib/edge/portal/route';
import { parseInput } from '@/lib/kernel/input';
import { utcDay } from '@/lib/platform/clock';

const input = listPullRequestsInput.extend({ format: z.enum(['json', 'csv']).default('json') });

export const GET = defineRoute({
  summary: 'List pull requests',
  input,
  name: 'pull_request.list',
  method: 'GET',
  permission: 'pull-requests:read',
  query: async ({ ctx, raw }) => {
    const { format, ...asked } = parseInput(input, raw);
    if (format === 'csv') return csvAnswer(`pull-requests-${utcDay(ctx.clock())}`, pullRequestsCsv(ctx, asked));
    const { sort: _sort, after: _after, limit: _limit, ...filter } = asked;
    const [{ pulls, nextCursor, days, ...age }, { cost }] = await Promise.all([
      listPullRequests(ctx, asked),
      countCost(ctx, filter),
    ]);
    return {
      status: 200,
      body: { data: pulls, next_cursor: nextCursor, totals: cost, ...days, ...freshnessBody(age) },
    };
  },
});
