/** Models that answered requests: cost, cache, latency and failures of a range of UTC days. */
import { z } from 'zod';
import { machinesWrite } from '@/lib/domains/traces/usage/usage';
import {
  bindDays,
  bindNames,
  usageDayFields,
  usageDays,
  usageNameFields,
} from '@/lib/domains/traces/usage/usage-filter';
import type { Ctx } from '@/lib/kernel/ctx';
import { utcDayInput } from '@/lib/kernel/input';
import { type CsvValue, csvLine } from '@/lib/platform/csv';
import { defineQuery } from '@/lib/warehouse/query/define-query';

const names = { developer: usageNameFields.developer, repository: usageNameFields.repository };
export const modelsInput = z.strictObject({ ...usageDayFields, ...names });

const modelRow = z.strictObject({
  /** '' = none was sent. */
  model: z.string(),
  provider: z.string().nullable(),
  requests: z.int(),
  failed: z.int(),
  tokens_in: z.int(),
  tokens_out: z.int(),
  cache_read_tokens: z.int(),
  cost_usd: z.number(),
  book_cost_usd: z.number(),
  unpriced: z.int(),
  /** Of requests that succeeded; null where none did, or their rows are gone. */
  p50_ms: z.number().nullable(),
  p95_ms: z.number().nullable(),
});
export type ModelUse = z.output<typeof modelRow>;

const modelRows = defineQuery({
  name: 'ai_model.list',
  permission: 'traces:read',
  sql: 'traces/list-models.sql',
  withoutOverlay: machinesWrite,
  params: z.strictObject({ ...names, from: utcDayInput, to: utcDayInput }),
  bind: params => {
    const { developer, repository } = bindNames(params);
    return { ...bindDays(params), developer, repository };
  },
  row: modelRow,
});

/** The customer's models, those that cost most first. AppError forbidden, warehouse_unavailable. */
export async function listModels(ctx: Ctx, { developer, repository, ...range }: z.output<typeof modelsInput>) {
  const days = usageDays(ctx, range);
  return { ...(await modelRows(ctx, { developer, repository, ...days })), days };
}

const csvColumns: Record<string, (model: ModelUse) => CsvValue> = {
  model: model => model.model,
  provider: model => model.provider,
  requests: model => model.requests,
  failed: model => model.failed,
  tokens_in: model => model.tokens_in,
  tokens_out: model => model.tokens_out,
  cache_read_tokens: model => model.cache_read_tokens,
  latency_p50_ms: model => model.p50_ms,
  latency_p95_ms: model => model.p95_ms,
  book_cost_usd: model => model.book_cost_usd,
  requests_without_price: model => model.unpriced,
  document_cost_usd: model => model.cost_usd,
};

/** The models as CSV, a head line first. */
export async function* modelsCsv(models: readonly ModelUse[]): AsyncGenerator<string> {
  yield csvLine(Object.keys(csvColumns));
  yield models.map(model => csvLine(Object.values(csvColumns).map(cell => cell(model)))).join('');
}
