/** Rows that BigQuery refused, with its words, to be sent again together or one by one. */
import { Card } from '@/app/_ui/card';
import { Link } from '@/app/_ui/link';
import { hrefWith } from '@/app/_ui/list-params';
import { StatusBadge } from '@/app/_ui/status-badge';
import { Time } from '@/app/_ui/time';
import { sourceHref } from '@/app/(portal)/sources/_parts/source-page';
import type { DeadRowPage, DeadRowView } from '@/lib/domains/events/discards/list-dead-rows';

type Props = {
  sourceId: string;
  page: DeadRowPage;
  /** Cursor of this page; undefined on the first. */
  cursor: string | undefined;
  now: Date;
};

export function DeadRows({ sourceId, page, cursor, now }: Props) {
  if (page.rows.length === 0) return null;
  const path = `${sourceHref(sourceId)}/discards`;
  return (
    <Card title="Rows that BigQuery refused">
      <p className="text-muted">They were set aside so that the others could be loaded.</p>
      <ul className="flex flex-col gap-4">
        {page.rows.map(row => (
          <li key={row.dead_row_id}>
            <DeadRow row={row} now={now} />
          </li>
        ))}
      </ul>
      <p className="flex gap-4">
        {cursor && (
          <Link className="link" href={path}>
            Latest rows
          </Link>
        )}
        {page.nextCursor && (
          <Link className="link" href={hrefWith(path, { rows: page.nextCursor }, {})}>
            Earlier rows
          </Link>
        )}
      </p>
    </Card>
  );
}

function DeadRow({ row, now }: { row: DeadRowView; now: Date }) {
  return (
    <div className="flex flex-col gap-1">
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <StatusBadge
          status={row.replayed_at ? 'waiting' : 'not_loaded'}
          detail={row.replayed_at ? 'replayed' : undefined}
        />
        <span>
          <code className="wrap-anywhere">{row.table}</code>, <Time instant={row.failed_at} now={now} />
        </span>
      </p>
      <p className="wrap-anywhere">{row.error}</p>
      <details>
        <summary className="link cursor-pointer py-1">Row</summary>
        <pre className="whitespace-pre-wrap rounded-card bg-sunken p-3 wrap-anywhere">{row.row}</pre>
      </details>
    </div>
  );
}
