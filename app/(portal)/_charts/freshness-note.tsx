/** Says how old a page's figures are when they are not as of now. */
import { formatClock } from '@/app/_ui/format';
import { Notice } from '@/app/_ui/notice';
import { type CardData, freshnessOf } from '@/lib/edge/portal/page-card';
import type { RowsAge } from '@/lib/warehouse/query/rows-age';

type Props = { cards: readonly CardData<RowsAge>[] };

export function FreshnessNote({ cards }: Props) {
  const freshness = freshnessOf(cards.flatMap(card => (card.ok ? [card.data] : [])));
  switch (freshness.state) {
    case 'current':
      return null;
    case 'behind':
      return (
        <p className="text-meta text-muted" role="status">
          As of {formatClock(freshness.asOf)}. Newer changes are on their way.
        </p>
      );
    case 'limited':
      return (
        <Notice tone="warn">
          Your organization has asked for very much data in the last minute. This is as of{' '}
          {formatClock(freshness.readAt)}; newer data can be loaded in a minute.
        </Notice>
      );
    case 'unavailable':
      return <Notice tone="warn">BigQuery cannot be reached. This is as of {formatClock(freshness.readAt)}.</Notice>;
    default:
      return freshness satisfies never;
  }
}
