/** Models that answered requests: cost, cache, latency and failures of a range of UTC days. */
import { z } from 'zod';
import { newBook, priceOn } from '@/lib/domains/traces/prices/price-book';
import { readBook } from '@/lib/domains/traces/prices/read-book';
import { machinesWrite } from '@/lib/domains/traces/usage/usage';
import {
  bindDays,
  bindNames,
  usageDayFields,
  usageDays,
  usageNameFields,
} from '@/lib/domains/traces/usage/usage-filter';
import { type Ctx, requireCustomer } from '@/lib/kernel/ctx';
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
type ModelRow = z.output<typeof modelRow>;
export type ModelUse = ModelRow & {
  /** What the price book asks on the last of the days, in dollars per million tokens; null = no price. */
  price: { input: number; output: number } | null;
};

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
  const { rows, ...answer } = await modelRows(ctx, { developer, repository, ...days });
  const book = newBook(await readBook(requireCustomer(ctx).customerId));
  const models = rows.map(row => {
    const rates = priceOn(book, row.provider, row.model, days.to)?.rates;
    return { ...row, price: rates ? { input: rates.input, output: rates.output } : null };
  });
  return { ...answer, rows: models, days };
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
  price_input_usd: model => model.price?.input,
  price_output_usd: model => model.price?.output,
  book_cost_usd: model => model.book_cost_usd,
  requests_without_price: model => model.unpriced,
  document_cost_usd: model => model.cost_usd,
};

/** The models as CSV, a head line first. */
export async function* modelsCsv(models: readonly ModelUse[]): AsyncGenerator<string> {
  yield csvLine(Object.keys(csvColumns));
  yield models.map(model => csvLine(Object.values(csvColumns).map(cell => cell(model)))).join('');
}
