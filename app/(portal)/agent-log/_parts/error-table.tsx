/** Kinds of errors as a list; each leads to the newest session that has it. */
import type { ReactNode } from 'react';
import { type Column, DataTable } from '@/app/_ui/data-table';
import { formatCount } from '@/app/_ui/format';
import { Link } from '@/app/_ui/link';
import { hrefWith, type ListParams } from '@/app/_ui/list-params';
import { Time } from '@/app/_ui/time';
import { sessionHref, toolWords } from '@/app/(portal)/agent-log/_parts/log-words';
import type { ErrorKind } from '@/lib/domains/agent-log/errors/errors';
import { maskSecrets } from '@/lib/domains/runs/explain/mask-secrets';

type Look = { now: Date; mode: 'relative' | 'absolute'; params: ListParams };

const columns = ({ now, mode, params: { days, from, to } }: Look): Column<ErrorKind>[] => [
  {
    id: 'message',
    head: 'Error',
    priority: 'name',
    wide: true,
    cell: ({ message }) => (
      <span className="line-clamp-3 max-w-prose font-medium wrap-anywhere" title={maskSecrets(message)}>
        {maskSecrets(message) || 'No message was sent'}
      </span>
    ),
  },
  { id: 'count', head: 'Times', align: 'end', priority: 'second', cell: ({ errors }) => formatCount(errors) },
  {
    id: 'tool',
    head: 'Tool',
    cell: ({ tool_name }) => (
      <span className="block max-w-44 truncate" title={tool_name}>
        {toolWords(tool_name)}
      </span>
    ),
  },
  { id: 'users', head: 'Users', align: 'end', cell: ({ users }) => formatCount(users) },
  {
    id: 'sessions',
    head: 'Sessions',
    align: 'end',
    cell: ({ sessions, tool_name }) => (
      <Link
        className="link"
        href={hrefWith('/agent-log/sessions', { days, from, to, errors: '1' }, { tool: tool_name })}
      >
        {formatCount(sessions)}
        <span className="sr-only"> sessions with failures of {toolWords(tool_name)}</span>
      </Link>
    ),
  },
  {
    id: 'newest',
    head: 'Look at',
    cell: ({ last_session, last_at }) => (
      <Link className="link whitespace-nowrap" href={sessionHref(last_session, last_at)}>
        Newest session
      </Link>
    ),
  },
  { id: 'last', head: 'Last', cell: ({ last_at }) => <Time instant={last_at} now={now} mode={mode} /> },
];

type Props = Look & { errors: readonly ErrorKind[]; empty: ReactNode };

export const ErrorTable = ({ errors, empty, ...look }: Props) => (
  <DataTable
    caption="Errors"
    columns={columns(look)}
    rows={errors}
    rowKey={({ tool_name, kind }) => `${tool_name}\n${kind}`}
    empty={empty}
  />
);
