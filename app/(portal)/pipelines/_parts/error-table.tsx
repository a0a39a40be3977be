/** Kinds of errors, the most frequent first; each number leads to the runs of that kind. */
import type { ReactNode } from 'react';
import { type Column, DataTable } from '@/app/_ui/data-table';
import { formatCount } from '@/app/_ui/format';
import { Link } from '@/app/_ui/link';
import { Time } from '@/app/_ui/time';
import { runHref, runsHref } from '@/app/(portal)/_runs/run-links';
import type { ErrorKind } from '@/lib/domains/runs/reads/error-kinds';

type Look = { now: Date; mode: 'relative' | 'absolute'; period: { from: string; to: string } };

const pipelinesShown = 2;

function PipelineNames({ kind: { fingerprint, pipelines }, period }: { kind: ErrorKind; period: Look['period'] }) {
  const more = pipelines.length - pipelinesShown;
  return (
    <span className="wrap-anywhere">
      {pipelines.slice(0, pipelinesShown).map((pipeline, index) => (
        <span key={pipeline}>
          {index > 0 && ', '}
          <Link className="link" href={runsHref({ error: fingerprint, pipeline, ...period })}>
            {pipeline}
          </Link>
        </span>
      ))}
      {more > 0 && <span className="text-muted"> and {more} more</span>}
    </span>
  );
}

const columns = ({ now, mode, period }: Look): Column<ErrorKind>[] => [
  {
    id: 'error',
    head: 'Error',
    priority: 'name',
    cell: kind => (
      <Link className="link wrap-anywhere font-normal" href={runsHref({ error: kind.fingerprint, ...period })}>
        {kind.pattern}
      </Link>
    ),
  },
  {
    id: 'runs',
    head: 'Runs',
    align: 'end',
    cell: kind => (
      <Link className="link-quiet font-semibold" href={runsHref({ error: kind.fingerprint, ...period })}>
        {formatCount(kind.runs)}
        <span className="sr-only"> runs failed so: {kind.pattern}</span>
      </Link>
    ),
  },
  { id: 'pipelines', head: 'Pipelines', cell: kind => <PipelineNames kind={kind} period={period} /> },
  { id: 'first', head: 'First seen', cell: kind => <Time instant={kind.firstSeen} now={now} mode={mode} /> },
  { id: 'last', head: 'Last seen', cell: kind => <Time instant={kind.lastSeen} now={now} mode={mode} /> },
  {
    id: 'run',
    head: 'Latest run',
    cell: kind => (
      <Link className="link whitespace-nowrap" href={runHref(kind.lastRunId)}>
        Open run<span className="sr-only"> that failed last so: {kind.pattern}</span>
      </Link>
    ),
  },
];

export const ErrorTable = ({ kinds, empty, ...look }: Look & { kinds: readonly ErrorKind[]; empty: ReactNode }) => (
  <DataTable
    caption="Kinds of errors"
    columns={columns(look)}
    rows={kinds}
    rowKey={kind => kind.fingerprint}
    empty={empty}
  />
);
