/** How a repository stands, in the words of its pages. Pure. */
import { formatCount, formatPercent, formatRelative } from '@/app/_ui/format';
import type { Status } from '@/app/_ui/status';
import type { RepositoryView } from '@/lib/domains/pull-requests/repositories/view';

type Standing = Pick<RepositoryView, 'state' | 'is_reading' | 'is_connected'>;

/** What is shown of its state: being read wins, and one that was disconnected has no other. */
export function repositoryStatus({ state, is_reading, is_connected }: Standing): Status {
  if (!is_connected) return 'disconnected';
  if (is_reading) return 'reading';
  return ({ WAITING: 'waiting', SYNCED: 'up_to_date', PAUSED: 'paused', FAILED: 'failing' } as const)[state];
}

/** "4,812 of 5,000, resets in 12 min"; once the hour is over GitHub gives all of them again. */
export function rateWords(rate: RepositoryView['rate'], now: Date): string {
  if (!rate) return 'Not known yet';
  if (rate.reset_at <= now) return `${formatCount(rate.limit)} of ${formatCount(rate.limit)}`;
  const left = `${formatCount(rate.remaining)} of ${formatCount(rate.limit)}`;
  return `${left}, resets ${formatRelative(rate.reset_at, now)}`;
}

/** "19 of 20 unchanged (95 %)": requests that GitHub answered 304 cost nothing of its limit. */
export function unchangedWords(requests: number, notModified: number): string {
  if (requests === 0) return 'None yet';
  return `${formatCount(notModified)} of ${formatCount(requests)} unchanged (${formatPercent(notModified, requests)})`;
}
