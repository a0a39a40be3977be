/** The entries: a sentence each, which opens to what changed, the request and the program that sent it. */
import type { ReactNode } from 'react';
import { LinkButton } from '@/app/_ui/button';
import { type Column, DataTable } from '@/app/_ui/data-table';
import { DiffTable } from '@/app/_ui/diff-table';
import { formatCount } from '@/app/_ui/format';
import { Link } from '@/app/_ui/link';
import type { ListParams } from '@/app/_ui/list-params';
import { Pager } from '@/app/_ui/pager';
import { ShortId } from '@/app/_ui/short-id';
import { EmptyState } from '@/app/_ui/states';
import { StatusBadge } from '@/app/_ui/status-badge';
import { Time } from '@/app/_ui/time';
import type { EntryView } from '@/lib/domains/audit/view';

const columns: Column<EntryView>[] = [
  {
    id: 'time',
    head: 'Time (UTC)',
    priority: 'name',
    cell: entry => <Time instant={entry.occurredAt} now={entry.occurredAt} mode="absolute" />,
  },
  { id: 'who', head: 'Who', cell: entry => <Who entry={entry} /> },
  { id: 'what', head: 'What', wide: true, priority: 'second', cell: entry => <What entry={entry} /> },
  { id: 'target', head: 'Target', cell: entry => <Target entry={entry} /> },
  { id: 'ip', head: 'IP', cell: entry => <Network prefix={entry.ipPrefix} /> },
];

const Who = ({ entry }: { entry: EntryView }) => (
  <span className={`wrap-anywhere ${entry.actorType === 'staff' ? 'font-semibold' : ''}`}>{entry.actor}</span>
);

function What({ entry }: { entry: EntryView }) {
  return (
    <details className="disclosure">
      <summary>
        {entry.sentence}
        {entry.object && (
          <>
            {' '}
            <em>{entry.object}</em>
          </>
        )}
        {entry.tail}
        {entry.denied && (
          <>
            {' '}
            <StatusBadge
              status="refused"
              detail={entry.occurrences > 1 ? `${formatCount(entry.occurrences)} times` : undefined}
            />
          </>
        )}
      </summary>
      <div className="flex flex-col gap-2 py-2">
        {entry.changes.length > 0 && <DiffTable caption="What changed" changes={entry.changes} />}
        <dl className="grid grid-cols-[auto_1fr] gap-x-3 gap-y-1">
          {!entry.denied && <Fact name="Target id" value={<ShortId id={entry.targetId} whole />} />}
          {entry.requestId && <Fact name="Request id" value={<ShortId id={entry.requestId} whole />} />}
          {entry.userAgent && <Fact name="Program" value={entry.userAgent} />}
        </dl>
      </div>
    </details>
  );
}

function Fact({ name, value }: { name: string; value: ReactNode }) {
  return (
    <>
      <dt className="text-muted">{name}</dt>
      <dd className="wrap-anywhere">{value}</dd>
    </>
  );
}

function Target({ entry }: { entry: EntryView }) {
  if (entry.denied) return <span className="text-muted">–</span>;
  if (entry.targetType === 'api_key')
    return (
      <Link className="link wrap-anywhere inline-block" href={`/keys/${entry.targetId}`}>
        <span className="sr-only">API key </span>
        {entry.targetName || 'API key'}
      </Link>
    );
  return <span className="wrap-anywhere">{entry.targetName || entry.targetWord}</span>;
}

const Network = ({ prefix }: { prefix: string | null }) =>
  prefix ? <code className="whitespace-nowrap">{prefix}</code> : <span className="text-muted">–</span>;

type Props = { entries: EntryView[]; nextCursor: string | null; params: ListParams };

export function EntryTable({ entries, nextCursor, params }: Props) {
  return (
    <DataTable
      caption="Audit log"
      columns={columns}
      rows={entries}
      rowKey={entry => entry.id}
      empty={<NoEntries isFiltered={Object.values(params).some(Boolean)} />}
      footer={<Pager path="/audit" params={params} shown={entries.length} nextCursor={nextCursor ?? undefined} sized />}
    />
  );
}

function NoEntries({ isFiltered }: { isFiltered: boolean }) {
  if (!isFiltered) return <EmptyState icon="scroll-text" title="No entries yet." />;
  return (
    <EmptyState
      icon="search"
      title="No entry in this period."
      action={<LinkButton href="/audit">Clear all</LinkButton>}
    >
      No entry matches these filters.
    </EmptyState>
  );
}
