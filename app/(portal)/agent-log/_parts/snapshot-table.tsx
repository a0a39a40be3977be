/** Snapshots of repositories as a list, with who worked on them. */
import type { ReactNode } from 'react';
import { type Column, DataTable } from '@/app/_ui/data-table';
import { formatCount } from '@/app/_ui/format';
import { Link } from '@/app/_ui/link';
import { hrefWith, type ListParams } from '@/app/_ui/list-params';
import { Time } from '@/app/_ui/time';
import type { ListedSnapshot } from '@/lib/domains/agent-log/snapshots/snapshots';

type Look = { now: Date; mode: 'relative' | 'absolute'; params: ListParams };

const columns = ({ now, mode, params: { days, from, to } }: Look): Column<ListedSnapshot>[] => [
  {
    id: 'repository',
    head: 'Repository',
    priority: 'name',
    cell: ({ repo_url, commit_hash }) => (
      <span className="block min-w-40">
        <span className="block wrap-anywhere">{repo_url.replace(/^https?:\/\//, '')}</span>
        <code className="text-meta font-normal text-muted" title={commit_hash}>
          {commit_hash.slice(0, 12)}
        </code>
      </span>
    ),
  },
  {
    id: 'age',
    head: 'Indexed',
    priority: 'second',
    cell: ({ indexed_at }) => <Time instant={indexed_at} now={now} mode={mode} />,
  },
  { id: 'files', head: 'Files', align: 'end', cell: ({ file_count }) => formatCount(file_count) },
  { id: 'tokens', head: 'Tokens', align: 'end', cell: ({ total_tokens }) => formatCount(total_tokens) },
  {
    id: 'sessions',
    head: 'Sessions',
    align: 'end',
    cell: ({ sessions, commit_hash }) =>
      sessions === 0 ? (
        '0'
      ) : (
        <Link className="link" href={hrefWith('/agent-log/sessions', { days, from, to }, { snapshot: commit_hash })}>
          {formatCount(sessions)}
          <span className="sr-only"> sessions that worked on it</span>
        </Link>
      ),
  },
  { id: 'calls', head: 'Tool calls', align: 'end', cell: ({ tool_calls }) => formatCount(tool_calls) },
  {
    id: 'used',
    head: 'Last used',
    cell: ({ last_used_at }) => <Time instant={last_used_at} now={now} mode={mode} none="Not in these days" />,
  },
  {
    id: 'index',
    head: 'Index',
    cell: ({ vector_index_path }) =>
      vector_index_path ? <code className="text-meta wrap-anywhere">{vector_index_path}</code> : '–',
  },
];

type Props = Look & { snapshots: readonly ListedSnapshot[]; empty: ReactNode; footer: ReactNode };

export const SnapshotTable = ({ snapshots, empty, footer, ...look }: Props) => (
  <DataTable
    caption="Snapshots"
    columns={columns(look)}
    rows={snapshots}
    rowKey={({ repo_url, commit_hash }) => `${repo_url} ${commit_hash}`}
    empty={empty}
    footer={footer}
  />
);
