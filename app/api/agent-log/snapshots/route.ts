/** GET: states of repositories that were indexed for agents, the newest first: JSON in pages, or a CSV file of them (`format=csv`). */
import { z } from 'zod';
import { listSnapshots, listSnapshotsInput, snapshotsCsv } from '@/lib/domains/agent-log/snapshots/snapshots';
import { csvAnswer } from '@/lib/edge/portal/csv-answer';
import { freshnessBody } from '@/lib/edge/portal/page-card';
import { defineRoute } from '@/lib/edge/portal/route';
import { parseInput } from '@/lib/kernel/input';
import { utcDay } from '@/lib/platform/clock';

const input = listSnapshotsInput.extend({ format: z.enum(['json', 'csv']).default('json') });

export const GET = defineRoute({
  summary: 'List snapshots of repositories',
  input,
  name: 'agent_snapshot.list',
  method: 'GET',
  permission: 'agent-log:read',
  query: async ({ ctx, raw }) => {
    const { format, ...asked } = parseInput(input, raw);
    if (format === 'csv') return csvAnswer(`agent-snapshots-${utcDay(ctx.clock())}`, snapshotsCsv(ctx, asked));
    const { snapshots, nextCursor, days, ...age } = await listSnapshots(ctx, asked);
    return { status: 200, body: { data: snapshots, next_cursor: nextCursor, ...days, ...freshnessBody(age) } };
  },
});
