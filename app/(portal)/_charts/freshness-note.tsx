/** Says how old a page's figures are when they are not as of now. */
import { formatClock, formatDuration } from '@/app/_ui/format';
import { Notice } from '@/app/_ui/notice';
import { type Age, type CardData, freshnessOf } from '@/lib/edge/portal/page-card';

type Props = { cards: readonly CardData<Age>[]; now: Date };

export function FreshnessNote({ cards, now }: Props) {
  const freshness = freshnessOf(cards.flatMap(card => (card.ok ? [card.data] : [])));
  switch (freshness.state) {
    case 'current':
      return null;
    case 'behind':
      return (
        <p className="text-meta text-muted" role="status">
          Updating: synced {formatDuration(now.getTime() - freshness.syncedAt.getTime())} ago, newer changes are on
          their way.
        </p>
      );
    case 'stale':
      return (
        <Notice tone="warn">
          BigQuery cannot be reached. These are the figures of {formatClock(freshness.readAt)}.
        </Notice>
      );
    default:
      return freshness satisfies never;
  }
}
