/** How a query stands: what it billed, how long it took, what it read, by which door it came. */
import { formatCount, formatDuration } from '@/app/_ui/format';
import { StatusBadge } from '@/app/_ui/status-badge';
import { exactly } from '@/app/_ui/time';
import { billedWords, byDoor, statusOf } from '@/app/(portal)/desk/_parts/desk-words';
import { Facts, TableNames } from '@/app/(portal)/desk/_parts/facts';
import type { QueryView } from '@/lib/domains/desk/run/query-view';
import { formatBytes } from '@/lib/platform/words/format-bytes';

export function QueryFacts({ query, usdPerTib }: { query: QueryView; usdPerTib: number }) {
  const { status, bytesBilled, estimatedBytes, capBytes, totalRows, startedAt, endedAt, tables, askedVia } = query;
  const facts = [
    { label: 'Bytes billed', value: billedWords(bytesBilled, usdPerTib) },
    { label: 'Rows', value: formatCount(totalRows) },
    { label: 'Took', value: formatDuration(endedAt && endedAt.getTime() - startedAt.getTime()) },
    { label: 'Cap', value: formatBytes(capBytes, { exact: true }) },
  ];
  return (
    <section aria-label="How it stands" className="card flex flex-col gap-3 p-4">
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-table text-muted">
        <StatusBadge status={statusOf[status]} />
        <span>{exactly(startedAt)}</span>
        <span>
          {byDoor[askedVia]}, estimated at {formatBytes(estimatedBytes)}
        </span>
      </p>
      <Facts facts={facts} />
      <p className="text-table text-muted">
        Read <TableNames tables={tables} />.
      </p>
    </section>
  );
}
