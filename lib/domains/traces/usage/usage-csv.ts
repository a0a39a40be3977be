/** AI usage as CSV: a line a day, or a line a model, developer or repository. Names are as they were sent. */
import type { Usage, Use } from '@/lib/domains/traces/usage/usage';
import { csvLine } from '@/lib/platform/csv';

const columns: Record<string, (use: Use) => number> = {
  requests: use => use.requests,
  sessions: use => use.sessions,
  failed: use => use.failed,
  accepted: use => use.accepted,
  tokens_in: use => use.tokensIn,
  tokens_out: use => use.tokensOut,
  book_cost_usd: use => use.bookCostUsd,
  requests_without_price: use => use.unpriced,
  document_cost_usd: use => use.documentCostUsd,
};
const figures = (use: Use) => Object.values(columns).map(cell => cell(use));

/** The days, or with `names` the rows of the breakdown; a head line first. */
export async function* usageCsv(usage: Usage, rows: 'days' | 'names'): AsyncGenerator<string> {
  yield csvLine([rows === 'days' ? 'event_date' : usage.by, ...Object.keys(columns)]);
  const lines =
    rows === 'days'
      ? usage.byDay.map(({ day, use }) => csvLine([day, ...figures(use)]))
      : usage.names.map(({ name, use }) => csvLine([name, ...figures(use)]));
  yield lines.join('');
}
