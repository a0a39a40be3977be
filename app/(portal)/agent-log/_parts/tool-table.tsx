/** Tools that agents called, sorted by the address. */
import type { ReactNode } from 'react';
import { type Column, DataTable } from '@/app/_ui/data-table';
import { formatCount, formatDuration, formatPlural } from '@/app/_ui/format';
import { Link } from '@/app/_ui/link';
import { hrefWith, type ListParams } from '@/app/_ui/list-params';
import { Time } from '@/app/_ui/time';
import { bytesWords, failureWords, isFew, toolWords } from '@/app/(portal)/agent-log/_parts/log-words';
import type { ListedTool } from '@/lib/domains/agent-log/tools/tools';

type Look = { now: Date; mode: 'relative' | 'absolute'; params: ListParams };

/** Grey where so few calls were made that the figure says little. */
const Uncertain = ({ tool, children }: { tool: ListedTool; children: ReactNode }) =>
  isFew(tool) ? <span className="text-muted">{children}</span> : children;

const daysOf = ({ days, from, to }: ListParams): ListParams => ({ days, from, to });

const columns = ({ now, mode, params }: Look): Column<ListedTool>[] => [
  {
    id: 'tool',
    head: 'Tool',
    priority: 'name',
    cell: ({ tool_name }) => (
      <Link
        className="link block max-w-56 truncate"
        href={hrefWith('/agent-log/sessions', daysOf(params), { tool: tool_name })}
      >
        <span title={tool_name}>{toolWords(tool_name)}</span>
      </Link>
    ),
  },
  {
    id: 'calls',
    head: 'Calls',
    align: 'end',
    priority: 'second',
    sortable: true,
    cell: tool => (
      <>
        {formatCount(tool.calls)}
        {isFew(tool) && <span className="block text-meta whitespace-nowrap text-muted">few calls</span>}
        {tool.without_start > 0 && (
          <span className="block text-meta whitespace-nowrap text-muted">
            {formatCount(tool.without_start)} without start
          </span>
        )}
      </>
    ),
  },
  {
    id: 'failures',
    head: 'Failed',
    align: 'end',
    sortable: true,
    cell: tool => (
      <Uncertain tool={tool}>
        {failureWords(tool)}
        {tool.failures > 0 && (
          <span className="block text-meta whitespace-nowrap text-muted">{formatPlural(tool.failures, 'call')}</span>
        )}
      </Uncertain>
    ),
  },
  {
    id: 'p50',
    head: 'Median',
    align: 'end',
    cell: tool => <Uncertain tool={tool}>{formatDuration(tool.p50_ms)}</Uncertain>,
  },
  {
    id: 'p95',
    head: '95 % within',
    align: 'end',
    sortable: true,
    cell: tool => <Uncertain tool={tool}>{formatDuration(tool.p95_ms)}</Uncertain>,
  },
  { id: 'bytes', head: 'Bytes billed', align: 'end', sortable: true, cell: tool => bytesWords(tool.bytes_billed) },
  { id: 'users', head: 'Users', align: 'end', cell: ({ users }) => formatCount(users) },
  {
    id: 'error',
    head: 'Last error',
    wide: true,
    cell: ({ last_error, last_failed_at, tool_name }) =>
      last_failed_at ? (
        <>
          <Link
            className="link-quiet line-clamp-2 max-w-64 wrap-anywhere"
            href={hrefWith('/agent-log/errors', daysOf(params), { tool: tool_name })}
          >
            <span title={last_error ?? undefined}>{last_error ?? 'No message was sent'}</span>
          </Link>
          <span className="block text-meta text-muted">
            <Time instant={last_failed_at} now={now} mode={mode} />
          </span>
        </>
      ) : (
        <span className="text-muted">–</span>
      ),
  },
];

type Props = Look & { tools: readonly ListedTool[]; empty: ReactNode };

export const ToolTable = ({ tools, empty, ...look }: Props) => (
  <DataTable
    caption="Tools"
    columns={columns(look)}
    rows={tools}
    rowKey={({ tool_name }) => tool_name}
    sorting={{ path: '/agent-log', params: look.params, initial: { sort: 'calls', dir: 'desc' } }}
    empty={empty}
  />
);
