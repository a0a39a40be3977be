/** Requests that BigQuery refused after they were taken: why, which, and the way back in line. */
import { Card } from '@/app/_ui/card';
import { Form } from '@/app/_ui/form';
import { formatPlural } from '@/app/_ui/format';
import { EarlierLinks } from '@/app/_ui/pager';
import { SubmitButton } from '@/app/_ui/submit-button';
import { Time } from '@/app/_ui/time';
import { nameWords } from '@/app/(portal)/traces/_parts/cost-words';
import { replayTraceDeadRowsAction } from '@/app/(portal)/traces/imports/actions';
import type { TraceDeadRow, TraceDeadRowPage } from '@/lib/domains/traces/imports/dead-rows/list-dead-rows';

type Look = { now: Date; mode: 'relative' | 'absolute' };
type Props = Look & {
  page: TraceDeadRowPage;
  customerId: string;
  /** Cursor of this page; undefined on the first. */
  cursor: string | undefined;
  mayWrite: boolean;
};

export function DeadRows({ page: { rows, total, nextCursor }, customerId, cursor, mayWrite, ...look }: Props) {
  if (rows.length === 0) return null;
  return (
    <Card
      title="Requests that BigQuery refused"
      note={`${formatPlural(total, 'request')} set aside so that the others could be loaded.`}
    >
      <ul className="flex flex-col gap-4">
        {rows.map(row => (
          <li key={row.dead_row_id}>
            <DeadRow row={row} {...look} />
          </li>
        ))}
      </ul>
      {mayWrite && (
        <Form
          action={replayTraceDeadRowsAction}
          customerId={customerId}
          hidden={{ dead_row_ids: rows.map(row => row.dead_row_id).join(',') }}
        >
          <p className="text-muted">Once the cause is gone, load them again.</p>
          <div>
            <SubmitButton variant="plain" pending="Replaying…">
              Replay {formatPlural(rows.length, 'request')}
            </SubmitButton>
          </div>
        </Form>
      )}
      <EarlierLinks
        path="/traces/imports"
        params={{ rows: cursor }}
        cursorParam="rows"
        nextCursor={nextCursor}
        latest="Latest"
        earlier="Earlier"
      />
    </Card>
  );
}

function DeadRow({ row, now, mode }: Look & { row: TraceDeadRow }) {
  return (
    <div className="flex flex-col gap-1">
      <p className="font-medium wrap-anywhere">{row.error}</p>
      <p className="text-muted wrap-anywhere">
        {nameWords('model', row.model)}, {row.session_id ? `session ${row.session_id}` : `request ${row.trace_hash}`},
        refused <Time instant={row.failed_at} now={now} mode={mode} />
      </p>
      <details>
        <summary className="link cursor-pointer py-1">Row</summary>
        <pre className="whitespace-pre-wrap rounded-card bg-sunken p-3 wrap-anywhere">{row.row}</pre>
      </details>
    </div>
  );
}
