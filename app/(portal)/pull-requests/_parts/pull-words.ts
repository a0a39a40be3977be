/** Pull requests as the pages write them. Pure. */
import { formatPlural } from '@/app/_ui/format';
import type { Status } from '@/app/_ui/status';
import type { Evidence, PullRequestState } from '@/lib/domains/pull-requests/rules';

export const pullsHref = '/pull-requests';
export const peopleHref = '/pull-requests/people';
export const pullHref = (id: number): string => `${pullsHref}/${id}`;

/** The account was deleted where GitHub names none. */
export const authorWords = (author: string | null): string => author ?? 'Deleted account';

export const pullStatus = (state: PullRequestState, isDraft: boolean): Status =>
  state === 'merged' ? 'merged' : state === 'closed' ? 'pull_closed' : isDraft ? 'draft' : 'pull_open';

/** What these pages claim, and what they do not. */
export const notCause = 'Correlation, not cause.';

export const evidenceWords: Record<Evidence, string> = {
  branch: 'its branch',
  time: 'the author’s own, while it was open',
  trailer: 'a co-author in its commits',
};

/** "3 by branch, 5 by time", or that there is none. */
export function evidenceCounts({ byBranch, byTime }: { byBranch: number; byTime: number }): string {
  const told = [...(byBranch > 0 ? [`${byBranch} by branch`] : []), ...(byTime > 0 ? [`${byTime} by time`] : [])];
  return told.join(', ');
}

/** `Claude <noreply@anthropic.com>` without the address. */
export const coAuthorName = (coAuthor: string): string => coAuthor.replace(/\s*<[^>]*>\s*$/, '') || coAuthor;

export const sessionCount = (count: number): string => formatPlural(count, 'session');
