/** The two lists of sessions that the document asks for, by its own price table. Source: docs/spec/001-ai-traces.md, Usage Examples. */
import { z } from 'zod';
import { highCostUsd } from '@/lib/domains/traces/rules';
import { machinesWrite } from '@/lib/domains/traces/usage/usage';
import { bindDays, usageDayFields, usageDays } from '@/lib/domains/traces/usage/usage-filter';
import type { Ctx } from '@/lib/kernel/ctx';
import { utcDayInput } from '@/lib/kernel/input';
import { csvLine } from '@/lib/platform/csv';
import { defineQuery } from '@/lib/warehouse/query/define-query';
import { sessionsRow } from '@/lib/warehouse/rows/metadata';

export const developersInput = z.strictObject({
  ...usageDayFields,
  repository: z.string().min(1).max(300).optional(),
});
export const costlyInput = z.strictObject(usageDayFields);

const days = { from: utcDayInput, to: utcDayInput };

const developerRows = defineQuery({
  name: 'ai_session.list_developers',
  permission: 'traces:read',
  sql: 'traces/list-developers.sql',
  withoutOverlay: machinesWrite,
  params: z.strictObject({ ...days, repository: developersInput.shape.repository }),
  bind: params => ({ ...bindDays(params), repository: { type: 'STRING', value: params.repository ?? '' } }),
  row: z.strictObject({
    developer_id: z.string().nullable(),
    session_count: z.int(),
    total_tokens: z.int(),
    total_cost: z.number(),
  }),
});
export type DeveloperSessions = Awaited<ReturnType<typeof developerRows>>['rows'][number];

const costlyRows = defineQuery({
  name: 'ai_session.list_costly',
  permission: 'traces:read',
  sql: 'traces/list-costly.sql',
  withoutOverlay: machinesWrite,
  params: z.strictObject(days),
  bind: params => ({ ...bindDays(params), high_cost_usd: { type: 'FLOAT64', value: highCostUsd } }),
  row: sessionsRow.pick({
    session_id: true,
    developer_id: true,
    model: true,
    total_tokens: true,
    cost_usd: true,
    timestamp: true,
    trace_hash: true,
  }),
});
export type CostlyRequest = Awaited<ReturnType<typeof costlyRows>>['rows'][number];

/** Requests, tokens and cost of each developer in the days and the repository, highest cost first. Source: docs/spec/requirements.md, T-36. */
export async function listDevelopers(ctx: Ctx, { repository, ...range }: z.output<typeof developersInput>) {
  const covered = usageDays(ctx, range);
  return { ...(await developerRows(ctx, { ...covered, repository })), days: covered };
}

/** The 20 requests that cost most of those beyond $0.01. Source: docs/spec/requirements.md, T-38. */
export async function listCostly(ctx: Ctx, range: z.output<typeof costlyInput>) {
  const covered = usageDays(ctx, range);
  return { ...(await costlyRows(ctx, covered)), days: covered };
}

/** The developers as CSV, a head line first. */
export async function* developersCsv(rows: readonly DeveloperSessions[]): AsyncGenerator<string> {
  yield csvLine(['developer_id', 'session_count', 'total_tokens', 'total_cost']);
  yield rows.map(row => csvLine([row.developer_id, row.session_count, row.total_tokens, row.total_cost])).join('');
}

/** The costly requests as CSV, a head line first. */
export async function* costlyCsv(rows: readonly CostlyRequest[]): AsyncGenerator<string> {
  yield csvLine(['session_id', 'developer_id', 'model', 'total_tokens', 'cost_usd', 'timestamp']);
  yield rows
    .map(row => csvLine([row.session_id, row.developer_id, row.model, row.total_tokens, row.cost_usd, row.timestamp]))
    .join('');
}
