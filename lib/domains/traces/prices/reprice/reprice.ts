/** Values a customer's stored requests of a period anew, by the book as it is now. Source: docs/traces.md, When a price changes. */
import type { BigQuery } from '@google-cloud/bigquery';
import { z } from 'zod';
import { newBook, type PriceBook } from '@/lib/domains/traces/prices/price-book';
import { readBook } from '@/lib/domains/traces/prices/read-book';
import { type PriceSpan, priceSpans } from '@/lib/domains/traces/prices/reprice/price-spans';
import { type ModelTotal, type RepriceReport, repriceReport } from '@/lib/domains/traces/prices/reprice/report';
import { repriceSql, totalsSql } from '@/lib/domains/traces/prices/reprice/reprice-sql';
import { BigQueryStatementError, runStatement } from '@/lib/platform/bigquery/bigquery';
import { runJob } from '@/lib/platform/bigquery/bigquery-job';
import type { QueryParameters } from '@/lib/platform/bigquery/bigquery-values';
import { addDays, type Clock } from '@/lib/platform/clock';

/** Models of a period that one statement takes; each is a few hundred bytes of its 10 MB. */
const mostModels = 10_000;
const timeoutMs = 300_000;

/** UTC days, both included. */
export type Period = { from: string; to: string };
export type Reprice = {
  bigquery: BigQuery;
  clock: Clock;
  customerId: string;
  /** The customer's own. */
  dataset: string;
  period: Period;
  /** Of the job that writes; never used before. */
  jobId: string;
};

const totalRow = z.object({
  provider: z.string().nullable(),
  model: z.string().nullable(),
  requests: z.coerce.number(),
  unpriced: z.coerce.number(),
  cost_usd: z.coerce.number(),
});

const daysOf = ({ from, to }: Period): QueryParameters => ({
  from_day: { type: 'DATE', value: from },
  to_day: { type: 'DATE', value: to },
});

/** What each model cost; none where nothing was ever stored. Throws a sentence where the period names too many models. */
async function readTotals({ bigquery, customerId, dataset, period }: Reprice): Promise<ModelTotal[]> {
  const parameters: QueryParameters = { ...daysOf(period), most: { type: 'INT64', value: mostModels + 1 } };
  const statement = {
    name: 'traces/reprice-totals',
    sql: totalsSql(dataset),
    parameters,
    labels: { customer: customerId },
    timeoutMs: 60_000,
  };
  const rows = await runStatement(statement, bigquery).then(
    answer => answer.rows,
    error => {
      if (error instanceof BigQueryStatementError && error.reason === 'notFound') return [];
      throw error;
    },
  );
  if (rows.length > mostModels)
    throw new Error(`The days name more than ${mostModels} models. Recalculate fewer days at a time.`);
  return rows.map(row => totalRow.parse(row));
}

function spansFor(book: PriceBook, totals: readonly ModelTotal[], { from, to }: Period): PriceSpan[] {
  const models = totals.flatMap(({ provider, model }) => (model === null ? [] : [{ provider, model }]));
  return priceSpans(book, models, { from, until: addDays(to, 1) });
}

/**
 * Writes cost and price of the requests whose price is another now; repeated it changes nothing. The caller holds the lock of
 * the table `sessions` (lockSpaces.ingestTable). Throws BigQueryStatementError, BigQueryUnavailableError.
 */
export async function repriceTraces(asked: Reprice): Promise<RepriceReport> {
  const { bigquery, clock, customerId, dataset, period, jobId } = asked;
  const before = await readTotals(asked);
  if (before.length === 0) return repriceReport([], [], 0);
  const spans = spansFor(newBook(await readBook(customerId)), before, period);
  const parameters: QueryParameters = {
    ...daysOf(period),
    spans: {
      type: 'ARRAY<STRING>',
      value: spans.map(span => JSON.stringify({ ...span, provider: span.provider ?? '' })),
    },
    loaded_at: { type: 'TIMESTAMP', value: clock() },
  };
  const sql = repriceSql(dataset);
  const labels = { customer: customerId };
  const { affectedRows } = await runJob(
    { jobId, name: 'traces/reprice', sql, parameters, labels, timeoutMs },
    bigquery,
  );
  return repriceReport(before, await readTotals(asked), affectedRows);
}
