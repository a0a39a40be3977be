/** AI usage of a range of UTC days: totals, a row a model, developer or repository, and each day. */
import { z } from 'zod';
import {
  bindDays,
  bindNames,
  type UsageDays,
  usageDayFields,
  usageDays,
  usageNameFields,
} from '@/lib/domains/traces/usage/usage-filter';
import type { Ctx } from '@/lib/kernel/ctx';
import { utcDayInput } from '@/lib/kernel/input';
import { daysFrom } from '@/lib/platform/clock';
import { defineQuery } from '@/lib/warehouse/query/define-query';
import { olderOf, type RowsAge } from '@/lib/warehouse/query/rows-age';

export const breakdowns = ['model', 'developer', 'repository'] as const;
export type Breakdown = (typeof breakdowns)[number];

export const usageInput = z.strictObject({
  ...usageDayFields,
  ...usageNameFields,
  by: z.enum(breakdowns).default('model'),
});
export type UsageInput = z.output<typeof usageInput>;

/** Why changes on their way are not laid over rows of traces. */
export const machinesWrite = 'Machines send these rows and a loader writes them; no person changes them.';

const asked = z.strictObject({ ...usageNameFields, by: z.enum(breakdowns), from: utcDayInput, to: utcDayInput });
const bind = (params: z.output<typeof asked>) => ({
  ...bindDays(params),
  ...bindNames(params),
  breakdown: { type: 'STRING' as const, value: params.by },
});
const figures = {
  sessions: z.int(),
  requests: z.int(),
  failed: z.int(),
  accepted: z.int(),
  tokens_in: z.int(),
  tokens_out: z.int(),
  cost_usd: z.number(),
  book_cost_usd: z.number(),
  unpriced: z.int(),
};

/** Totals of the days, then a row a name; at most 1,000 names. */
export const countUsage = defineQuery({
  name: 'ai_usage.count',
  permission: 'traces:read',
  sql: 'traces/count-usage.sql',
  withoutOverlay: machinesWrite,
  params: asked,
  bind,
  row: z.strictObject({ is_total: z.boolean(), name: z.string().nullable(), ...figures, cache_read_tokens: z.int() }),
});

/** Each day, whole and by the names that cost most. */
export const listUsageDays = defineQuery({
  name: 'ai_usage.list_days',
  permission: 'traces:read',
  sql: 'traces/list-usage-days.sql',
  withoutOverlay: machinesWrite,
  params: asked,
  bind,
  row: z.strictObject({ event_date: z.iso.date(), place: z.int(), name: z.string().nullable(), ...figures }),
});

/** Names that filters offer, of all that was sent in these days. */
export const listUsageNames = defineQuery({
  name: 'ai_usage.list_names',
  permission: 'traces:read',
  sql: 'traces/list-usage-names.sql',
  withoutOverlay: machinesWrite,
  params: z.strictObject({ from: utcDayInput, to: utcDayInput }),
  bind: bindDays,
  row: z.strictObject({ kind: z.enum(breakdowns), name: z.string() }),
});

/** What requests used. Costs are in US dollars. */
export type Use = {
  sessions: number;
  requests: number;
  failed: number;
  /** Requests marked as accepted; the others are not tracked, which is not the same as rejected. */
  accepted: number;
  tokensIn: number;
  tokensOut: number;
  /** By the document's price table. Source: docs/spec/001-ai-traces.md, Cost Calculation. */
  documentCostUsd: number;
  /** By the price book, of the requests that have a price there; `unpriced` have none. */
  bookCostUsd: number;
  unpriced: number;
};

type Figures = { [Name in keyof typeof figures]: z.output<(typeof figures)[Name]> };

const asUse = (row: Figures): Use => ({
  sessions: row.sessions,
  requests: row.requests,
  failed: row.failed,
  accepted: row.accepted,
  tokensIn: row.tokens_in,
  tokensOut: row.tokens_out,
  documentCostUsd: row.cost_usd,
  bookCostUsd: row.book_cost_usd,
  unpriced: row.unpriced,
});

const nothing: Use = {
  sessions: 0,
  requests: 0,
  failed: 0,
  accepted: 0,
  tokensIn: 0,
  tokensOut: 0,
  documentCostUsd: 0,
  bookCostUsd: 0,
  unpriced: 0,
};

/** '' = none was sent. */
export type NamedUse = { name: string; use: Use };
/** `parts`: the names of Usage.series in their order, then all others. */
export type DayUse = { day: string; use: Use; parts: Use[] };

export type Usage = RowsAge & {
  days: UsageDays;
  by: Breakdown;
  total: Use & { cacheReadTokens: number };
  names: NamedUse[];
  /** Up to four names that cost most in these days; '' = none was sent. */
  series: string[];
  hasOthers: boolean;
  /** Every day, the oldest first. */
  byDay: DayUse[];
};

const othersPlace = 5;

/** Usage of the days asked for. AppError forbidden, invalid_input, warehouse_unavailable. */
export async function readUsage(ctx: Ctx, { by, model, developer, repository, ...range }: UsageInput): Promise<Usage> {
  const days = usageDays(ctx, range);
  const question = { by, model, developer, repository, ...days };
  const [counted, daily] = await Promise.all([countUsage(ctx, question), listUsageDays(ctx, question)]);
  const total = counted.rows.find(row => row.is_total);
  const cells = new Map(daily.rows.map(row => [`${row.event_date} ${row.place}`, row]));
  const names = new Map(daily.rows.map(row => [row.place, row.name ?? '']));
  const series = [1, 2, 3, 4].flatMap(place => names.get(place) ?? []);
  const at = (day: string, place: number): Use => {
    const row = cells.get(`${day} ${place}`);
    return row ? asUse(row) : nothing;
  };
  const count = Math.max(0, Math.round((Date.parse(days.to) - Date.parse(days.from)) / 86_400_000) + 1);
  return {
    ...olderOf(counted, daily),
    days,
    by,
    total: { ...(total ? asUse(total) : nothing), cacheReadTokens: total?.cache_read_tokens ?? 0 },
    names: counted.rows.flatMap(row => (row.is_total ? [] : [{ name: row.name ?? '', use: asUse(row) }])),
    series,
    hasOthers: names.has(othersPlace),
    byDay: daysFrom(days.from, count).map(day => ({
      day,
      use: at(day, 0),
      parts: [...series.map((_, index) => at(day, index + 1)), at(day, othersPlace)],
    })),
  };
}
