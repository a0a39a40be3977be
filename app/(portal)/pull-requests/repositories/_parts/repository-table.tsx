/** The list of repositories: columns, row menus and its first step. */
import { LinkButton } from '@/app/_ui/button';
import { type Column, DataTable } from '@/app/_ui/data-table';
import { formatCount } from '@/app/_ui/format';
import { Link } from '@/app/_ui/link';
import { Menu } from '@/app/_ui/menu';
import { EmptyState } from '@/app/_ui/states';
import { StatusBadge } from '@/app/_ui/status-badge';
import { Time } from '@/app/_ui/time';
import { repositoriesHref, repositoryHref } from '@/app/(portal)/pull-requests/repositories/_parts/repository-page';
import {
  rateWords,
  repositoryStatus,
  unchangedWords,
} from '@/app/(portal)/pull-requests/repositories/_parts/repository-words';
import type { CountedRepository } from '@/lib/domains/pull-requests/repositories/view';

type Look = { now: Date; timeMode: 'relative' | 'absolute'; mayWrite: boolean };

function State({ repository }: { repository: CountedRepository }) {
  const { problem } = repository;
  return (
    <span className="flex flex-col gap-1">
      <StatusBadge status={repositoryStatus(repository)} />
      {problem && (
        <span className="max-w-prose text-meta text-muted">
          {problem.message} {problem.todo}
        </span>
      )}
    </span>
  );
}

const columns = ({ now, timeMode }: Look): Column<CountedRepository>[] => [
  {
    id: 'repository',
    head: 'Repository',
    priority: 'name',
    cell: ({ repository_id, repo }) => (
      <Link className="link wrap-anywhere" href={repositoryHref(repository_id)}>
        {repo}
      </Link>
    ),
  },
  { id: 'state', head: 'State', priority: 'second', cell: repository => <State repository={repository} /> },
  { id: 'pulls', head: 'Pull requests', align: 'end', cell: row => formatCount(row.pull_requests) },
  { id: 'commits', head: 'Commits', align: 'end', cell: row => formatCount(row.commits) },
  {
    id: 'read',
    head: 'Last read',
    cell: row => <Time instant={row.last_synced_at} now={now} mode={timeMode} />,
  },
  {
    id: 'requests',
    head: 'Last requests',
    cell: row => unchangedWords(row.last_requests, row.last_not_modified),
  },
  { id: 'rate', head: 'Rate left', cell: row => rateWords(row.rate, now) },
];

/** What may be done with one, for its menu. */
export const repositoryActions = ({ repository_id }: Pick<CountedRepository, 'repository_id'>) => {
  const href = repositoryHref(repository_id);
  return [
    { type: 'link', label: 'Change credential', href: `${href}/edit`, icon: 'pencil' },
    { type: 'link', label: 'New webhook secret…', href: `${href}/secret`, icon: 'rotate-cw' },
    { type: 'link', label: 'Disconnect…', href: `${href}/disconnect`, icon: 'trash-2', danger: true },
  ] as const;
};

export function RepositoryTable({ repositories, ...look }: Look & { repositories: readonly CountedRepository[] }) {
  return (
    <DataTable
      caption="Repositories"
      columns={columns(look)}
      rows={repositories}
      rowKey={({ repository_id }) => repository_id}
      actions={
        look.mayWrite ? row => <Menu name={`Actions for ${row.repo}`} items={repositoryActions(row)} /> : undefined
      }
      empty={
        <EmptyState
          icon="workflow"
          title="No repositories yet."
          action={
            look.mayWrite && (
              <LinkButton href={`${repositoriesHref}/new`} icon="plus">
                Connect repository
              </LinkButton>
            )
          }
        >
          {look.mayWrite
            ? 'Connect one, and its pull requests and commits stand beside what AI cost.'
            : 'An owner, admin or collaborator can connect one; its pull requests then stand beside what AI cost.'}
        </EmptyState>
      }
    />
  );
}
