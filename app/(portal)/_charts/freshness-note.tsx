/** Says how old a page's figures are when they are not as of now. */
import { formatAsOf } from '@/app/_ui/format';
import { Notice } from '@/app/_ui/notice';
import { type CardData, freshnessOf } from '@/lib/edge/portal/page-card';
import { systemClock } from '@/lib/platform/clock';
import type { RowsAge } from '@/lib/warehouse/query/rows-age';

type Props = { cards: readonly CardData<RowsAge>[]; now?: Date };

export function FreshnessNote({ cards, now = systemClock() }: Props) {
  const freshness = freshnessOf(cards.flatMap(card => (card.ok ? [card.data] : [])));
  switch (freshness.state) {
    case 'current':
      return null;
    case 'behind':
      return (
        <p className="text-meta text-muted" role="status">
          As of {formatAsOf(freshness.asOf, now)}. Newer changes are on their way.
        </p>
      );
    case 'limited':
      return (
        <Notice tone="warn">
          Your organization has asked for very much data in the last minute. This is as of{' '}
          {formatAsOf(freshness.readAt, now)}; newer data can be loaded in a minute.
        </Notice>
      );
    case 'slow':
      return (
        <Notice tone="warn">
          BigQuery takes longer than usual for newer data. This is as of {formatAsOf(freshness.readAt, now)}; load the
          page again in a moment.
        </Notice>
      );
    case 'unavailable':
      return (
        <Notice tone="warn">
          BigQuery does not answer at the moment. This is as of {formatAsOf(freshness.readAt, now)}.
        </Notice>
      );
    default:
      return freshness satisfies never;
  }
}
