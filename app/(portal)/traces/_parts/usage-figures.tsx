/** The totals of AI usage; each leads to the list that explains it. */
import { formatCount, formatDollars, formatPercent, formatPlural } from '@/app/_ui/format';
import { hrefWith, type ListParams } from '@/app/_ui/list-params';
import { Figure } from '@/app/(portal)/_charts/figure';
import { bookCostWords } from '@/app/(portal)/traces/_parts/cost-words';
import type { Usage } from '@/lib/domains/traces/usage/usage';

type Props = { usage: Usage; params: ListParams };

export function UsageFigures({ usage: { total }, params }: Props) {
  const { model: _model, by: _by, show: _show, ...ofModels } = params;
  const { by: _of, show: _shown, ...ofSessions } = params;
  const unpriced =
    total.unpriced > 0
      ? `${formatPlural(total.unpriced, 'request')} of ${formatCount(total.requests)} without a price. `
      : '';
  return (
    <section className="card grid gap-x-8 gap-y-5 p-4 sm:grid-cols-2 lg:grid-cols-3" aria-label="Totals">
      <Figure
        label="Book price"
        value={bookCostWords(total)}
        note={`${unpriced}Document price: ${formatDollars(total.documentCostUsd)}`}
        link={{ href: hrefWith('/traces/models', ofModels, {}), says: 'by model' }}
      />
      <Figure
        label="Sessions"
        value={formatCount(total.sessions)}
        note="A request without a session id counts as one of its own"
        link={{ href: hrefWith('/traces/sessions', ofSessions, {}), says: 'sessions' }}
      />
      <Figure
        label="Requests"
        value={formatCount(total.requests)}
        note={`${formatCount(total.failed)} failed (${formatPercent(total.failed, total.requests, 1)})`}
      />
      <Figure
        label="Tokens in"
        value={formatCount(total.tokensIn)}
        note={`${formatPercent(total.cacheReadTokens, total.tokensIn)} read from a cache`}
      />
      <Figure label="Tokens out" value={formatCount(total.tokensOut)} />
      <Figure
        label="Marked as accepted"
        value={formatCount(total.accepted)}
        note={`of ${formatPlural(total.requests, 'request')} (${formatPercent(total.accepted, total.requests)}). The others are not tracked, which is not the same as rejected.`}
      />
    </section>
  );
}
