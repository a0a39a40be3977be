/** GET: the organization's runs, filtered, newest first: JSON in pages, or all of them as a CSV file (`format=csv`). */
import { z } from 'zod';
import { maskSecrets } from '@/lib/domains/runs/explain/mask-secrets';
import { listRuns } from '@/lib/domains/runs/reads/run-list';
import { listRunsFilter, listRunsPage } from '@/lib/domains/runs/reads/run-list-input';
import { runsCsv } from '@/lib/domains/runs/reads/runs-csv';
import { freshnessBody } from '@/lib/edge/portal/page-card';
import { defineRoute } from '@/lib/edge/portal/route';
import { parseInput } from '@/lib/kernel/input';
import { utcDay } from '@/lib/platform/clock';

const formatInput = z.strictObject({ format: z.enum(['json', 'csv']).default('json') });

export const GET = defineRoute({
  summary: 'List runs',
  input: [listRunsPage, formatInput],
  name: 'run.list',
  method: 'GET',
  permission: 'runs:read',
  query: async ({ ctx, raw: { format, ...raw } }) => {
    if (parseInput(formatInput, { format }).format === 'csv') {
      const { after: _after, limit: _limit, ...filter } = raw;
      const headers = {
        'content-type': 'text/csv; charset=utf-8',
        'content-disposition': `attachment; filename="runs-${utcDay(ctx.clock())}.csv"`,
      };
      return { status: 200, pieces: runsCsv(ctx, parseInput(listRunsFilter, filter)), headers };
    }
    const page = await listRuns(ctx, parseInput(listRunsPage, raw));
    const data = page.rows.map(run => ({ ...run, error_message: run.error_message && maskSecrets(run.error_message) }));
    return { status: 200, body: { data, next_cursor: page.nextCursor, ...freshnessBody(page) } };
  },
});
