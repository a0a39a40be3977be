/** Rows that BigQuery refused, with its words, to be sent again together or one by one. */
import { Card } from '@/app/_ui/card';
import { Form } from '@/app/_ui/form';
import { formatPlural } from '@/app/_ui/format';
import { Link } from '@/app/_ui/link';
import { hrefWith } from '@/app/_ui/list-params';
import { EarlierLinks } from '@/app/_ui/pager';
import { StatusBadge } from '@/app/_ui/status-badge';
import { SubmitButton } from '@/app/_ui/submit-button';
import { Time } from '@/app/_ui/time';
import { sourceHref } from '@/app/(portal)/sources/_parts/source-page';
import { replayDeadRowsAction } from '@/app/(portal)/sources/actions';
import type { DeadRowPage, DeadRowView } from '@/lib/domains/events/discards/list-dead-rows';

type Props = {
  sourceId: string;
  customerId: string;
  page: DeadRowPage;
  /** Cursor of this page; undefined on the first. */
  cursor: string | undefined;
  now: Date;
  mayWrite: boolean;
};

export function DeadRows({ sourceId, customerId, page, cursor, now, mayWrite }: Props) {
  if (page.rows.length === 0) return null;
  const path = `${sourceHref(sourceId)}/discards`;
  const left = page.rows.filter(row => row.replayed_at === null);
  return (
    <Card title="Rows that BigQuery refused">
      <p className="text-muted">
        They were set aside so that the others could be loaded. Once the cause is gone, replay them.
      </p>
      <ul className="flex flex-col gap-4">
        {page.rows.map(row => (
          <li key={row.dead_row_id}>
            <DeadRow row={row} path={path} now={now} />
          </li>
        ))}
      </ul>
      {mayWrite && left.length > 0 && (
        <Form
          action={replayDeadRowsAction}
          customerId={customerId}
          hidden={{ source_id: sourceId, dead_row_ids: left.map(row => row.dead_row_id).join(',') }}
        >
          <div>
            <SubmitButton variant="plain" pending="Replaying…">
              Replay {formatPlural(left.length, 'row')}
            </SubmitButton>
          </div>
        </Form>
      )}
      <EarlierLinks
        path={path}
        params={{ rows: cursor }}
        cursorParam="rows"
        nextCursor={page.nextCursor}
        latest="Latest rows"
        earlier="Earlier rows"
      />
    </Card>
  );
}

function DeadRow({ row, path, now }: { row: DeadRowView; path: string; now: Date }) {
  const events = path.replace(/discards$/, 'events');
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
        <Link className="link" href={hrefWith(events, { message: row.message_id }, {})}>
          Event<span className="sr-only"> {row.message_id}</span>
        </Link>
      </p>
      <p className="wrap-anywhere">{row.error}</p>
      <details>
        <summary className="link cursor-pointer py-1">Row</summary>
        <pre className="whitespace-pre-wrap rounded-card bg-sunken p-3 wrap-anywhere">{row.row}</pre>
      </details>
    </div>
  );
}
