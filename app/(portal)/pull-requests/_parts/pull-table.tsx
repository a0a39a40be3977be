/** Pull requests as a list, each with what AI cost on it and why that is thought to belong to it. */
import type { ReactNode } from 'react';
import { type Column, DataTable } from '@/app/_ui/data-table';
import { formatCount, formatDollars } from '@/app/_ui/format';
import { Link } from '@/app/_ui/link';
import { StatusBadge } from '@/app/_ui/status-badge';
import { Time } from '@/app/_ui/time';
import {
  authorWords,
  coAuthorName,
  evidenceCounts,
  pullHref,
  pullStatus,
} from '@/app/(portal)/pull-requests/_parts/pull-words';
import { bookCostWords } from '@/app/(portal)/traces/_parts/cost-words';
import type { ListedPull } from '@/lib/domains/pull-requests/usage/list-pull-requests';

type Look = { now: Date; mode: 'relative' | 'absolute' };

const none = <span className="text-muted">–</span>;

function EvidenceCell({ pull }: { pull: ListedPull }) {
  const counts = evidenceCounts({ byBranch: pull.sessions_by_branch, byTime: pull.sessions_by_time });
  const names = pull.co_authors.map(coAuthorName).join(', ');
  if (!counts && !names) return none;
  return (
    <>
      {counts && <span className="block min-w-24">{counts}</span>}
      {names && <span className="block text-meta text-muted wrap-anywhere">Co-author: {names}</span>}
    </>
  );
}

const columns = ({ now, mode }: Look): Column<ListedPull>[] => [
  {
    id: 'pull',
    head: 'Pull request',
    priority: 'name',
    cell: pull => (
      <span className="block min-w-44">
        <Link className="link wrap-anywhere" href={pullHref(pull.id)}>
          {pull.title || 'No title'}
        </Link>
        <span className="block text-meta font-normal text-muted wrap-anywhere">
          {pull.repo_slug} #{pull.number}
        </span>
      </span>
    ),
  },
  {
    id: 'state',
    head: 'State',
    priority: 'second',
    cell: pull => <StatusBadge status={pullStatus(pull.state, pull.is_draft)} />,
  },
  {
    id: 'cost',
    head: 'Book price',
    align: 'end',
    cell: ({ requests, book_cost_usd, unpriced }) =>
      requests === 0 ? none : bookCostWords({ bookCostUsd: book_cost_usd, requests, unpriced }),
  },
  {
    id: 'author',
    head: 'Author',
    cell: ({ author }) => <span className="block min-w-28 wrap-anywhere">{authorWords(author)}</span>,
  },
  { id: 'sessions', head: 'Sessions', align: 'end', cell: ({ sessions }) => formatCount(sessions) },
  { id: 'evidence', head: 'Evidence', cell: pull => <EvidenceCell pull={pull} /> },
  { id: 'tokens', head: 'Tokens', align: 'end', cell: ({ total_tokens }) => formatCount(total_tokens) },
  {
    id: 'ended',
    head: 'Merged or changed',
    cell: pull => <Time instant={pull.merged_at ?? pull.closed_at ?? pull.updated_at} now={now} mode={mode} />,
  },
  {
    id: 'document',
    head: 'Document price',
    align: 'end',
    cell: ({ requests, cost_usd }) => (requests === 0 ? none : formatDollars(cost_usd)),
  },
];

type Props = Look & { pulls: readonly ListedPull[]; empty: ReactNode; footer: ReactNode };

export const PullTable = ({ pulls, empty, footer, ...look }: Props) => (
  <DataTable
    caption="Pull requests"
    columns={columns(look)}
    rows={pulls}
    rowKey={pull => String(pull.id)}
    empty={empty}
    footer={footer}
  />
);
