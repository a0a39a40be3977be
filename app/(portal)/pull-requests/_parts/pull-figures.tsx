/** What AI cost on the pull requests that match, and on how many of them. */
import { formatCount, formatDollars, formatOf, formatPlural } from '@/app/_ui/format';
import { Figure } from '@/app/(portal)/_charts/figure';
import { bookCostWords } from '@/app/(portal)/traces/_parts/cost-words';
import type { PullCost } from '@/lib/domains/pull-requests/usage/list-pull-requests';

/** "$1.20", "at least $1.20" or "no price" of one merged pull request with AI. */
function costOfOne(cost: PullCost): string | null {
  if (cost.merged_with_ai === 0) return '–';
  return bookCostWords({
    bookCostUsd: cost.merged_book_cost_usd / cost.merged_with_ai,
    requests: cost.merged_requests,
    unpriced: cost.merged_unpriced,
  });
}

export function PullFigures({ cost }: { cost: PullCost }) {
  const book = bookCostWords({
    bookCostUsd: cost.merged_book_cost_usd,
    requests: cost.merged_requests,
    unpriced: cost.merged_unpriced,
  });
  const shared =
    cost.shared_requests > 0
      ? ` ${formatPlural(cost.shared_requests, 'request')} ${cost.shared_requests === 1 ? 'belongs' : 'belong'} to several pull requests: each shows all of it, this sum counts it once.`
      : '';
  return (
    <section className="card grid gap-x-8 gap-y-5 p-4 sm:grid-cols-2 lg:grid-cols-3" aria-label="Totals">
      <Figure
        label="Book price of merged pull requests"
        value={cost.merged === 0 ? '–' : book}
        note={`Document price: ${formatDollars(cost.merged_cost_usd)}.${shared}`}
      />
      <Figure
        label="Merged pull requests with AI"
        value={formatOf(cost.merged_with_ai, cost.merged)}
        note={`Of all: ${formatOf(cost.pulls_with_ai, cost.pulls)}`}
      />
      <Figure
        label="Book price a merged pull request with AI"
        value={costOfOne(cost)}
        note={`n = ${formatCount(cost.merged_with_ai)}, ${formatPlural(cost.requests, 'request')} in ${formatPlural(cost.sessions, 'session')}`}
      />
    </section>
  );
}
