/** The ten merged pull requests whose authors' sessions cost most, as the document asks it. Source: docs/spec/001-ai-traces.md, Usage Examples. */
import { z } from 'zod';
import { firstRequestDay, syncWrites } from '@/lib/domains/pull-requests/usage/pull-filter';
import { bindDays, type UsageDays, usageDayFields, usageDays } from '@/lib/domains/traces/usage/usage-filter';
import type { CustomerCtx } from '@/lib/kernel/ctx';
import { utcDayInput } from '@/lib/kernel/input';
import { csvLine } from '@/lib/platform/csv';
import { defineQuery } from '@/lib/warehouse/query/define-query';
import type { RowsAge } from '@/lib/warehouse/query/rows-age';

export const correlateInput = z.strictObject(usageDayFields);

const correlatedRow = z.strictObject({
  number: z.int(),
  title: z.string().nullable(),
  author: z.string().nullable(),
  ai_sessions: z.int(),
  /** Null, as in the document's query, where the author has no session. */
  tokens_used: z.int().nullable(),
  cost: z.number().nullable(),
  id: z.int(),
  repo_slug: z.string(),
});
export type CorrelatedPull = z.output<typeof correlatedRow>;

const correlatedRows = defineQuery({
  name: 'pull_request.correlate',
  permission: 'pull-requests:read',
  sql: 'pull-requests/correlate-usage.sql',
  withoutOverlay: syncWrites,
  params: z.strictObject({ from: utcDayInput, to: utcDayInput, firstRequestDay: utcDayInput }),
  bind: ({ firstRequestDay: first, ...days }) => ({
    ...bindDays(days),
    first_request_day: { type: 'DATE', value: first },
  }),
  row: correlatedRow,
});

/** Of the pull requests merged in the days. Source: docs/spec/requirements.md, T-37. AppError forbidden, warehouse_unavailable. */
export async function correlateUsage(
  ctx: CustomerCtx,
  range: z.output<typeof correlateInput>,
): Promise<RowsAge & { days: UsageDays; rows: CorrelatedPull[] }> {
  const days = usageDays(ctx, range);
  const first = await firstRequestDay(ctx.customerId, days);
  const { rows, state, readAt, pendingSince } = await correlatedRows(ctx, { ...days, firstRequestDay: first });
  return { state, readAt, pendingSince, days, rows };
}

/** They as CSV, a head line first. */
export async function* correlatedCsv(rows: readonly CorrelatedPull[]): AsyncGenerator<string> {
  yield csvLine(['number', 'title', 'author', 'ai_sessions', 'tokens_used', 'cost', 'repo_slug']);
  yield rows
    .map(row => csvLine([row.number, row.title, row.author, row.ai_sessions, row.tokens_used, row.cost, row.repo_slug]))
    .join('');
}
