/** What became of one event, from the door to BigQuery, and the event as it was sent. */
import type { ReactNode } from 'react';
import { Card } from '@/app/_ui/card';
import { formatInstant, formatPlural } from '@/app/_ui/format';
import { Link } from '@/app/_ui/link';
import { hrefWith } from '@/app/_ui/list-params';
import { StatusBadge } from '@/app/_ui/status-badge';
import { Facts } from '@/app/(portal)/runs/_parts/facts';
import { sourceHref } from '@/app/(portal)/sources/_parts/source-page';
import { eventStatus, rowStatus } from '@/app/(portal)/sources/[id]/events/_parts/event-status';
import { changeTexts, eventName, noteText } from '@/app/(portal)/sources/[id]/events/_parts/event-words';
import { PayloadTree } from '@/app/(portal)/sources/[id]/events/_parts/payload-tree';
import type { ReceiptRow, ReceiptView } from '@/lib/domains/events/view';

type Props = { receipt: ReceiptView; closeHref: string };

export function ReceiptCard({ receipt, closeHref }: Props) {
  return (
    <Card
      title={eventName(receipt)}
      actions={
        <Link className="link" href={closeHref}>
          Close
        </Link>
      }
    >
      <div>
        <StatusBadge status={eventStatus(receipt)} />
      </div>
      <ol className="flex flex-col gap-3" aria-label="Receipt">
        <Step title="Received">{formatInstant(receipt.received_at)}</Step>
        <Checked receipt={receipt} />
        {receipt.rows.map(row => (
          <RowStep key={row.table} row={row} sourceId={receipt.source_id} />
        ))}
      </ol>
      <Facts facts={factsOf(receipt)} />
      <h3>Payload</h3>
      {receipt.body === null ? (
        <p className="text-muted">The event as it was sent is not kept any more; its rows are in BigQuery.</p>
      ) : (
        <PayloadTree text={receipt.body} />
      )}
    </Card>
  );
}

const Step = ({ title, children }: { title: ReactNode; children?: ReactNode }) => (
  <li className="min-w-0 border-l-2 border-border pl-3">
    <p className="font-medium wrap-anywhere">{title}</p>
    <div className="text-muted wrap-anywhere">{children}</div>
  </li>
);

/** What the checks and the transform said. */
function Checked({ receipt: { outcome, problems, notes, duplicates } }: { receipt: ReceiptView }) {
  switch (outcome) {
    case 'REFUSED':
      return (
        <Step title="Refused">
          <ul>
            {problems.map(({ code, field, message }) => (
              <li key={`${code} ${field}`}>
                {field && <code>{field}</code>} {message}
              </li>
            ))}
          </ul>
        </Step>
      );
    case 'DUPLICATE':
      return <Step title="Duplicate">An event with this message id came before, so this one makes no row.</Step>;
    case 'ACCEPTED':
      return (
        <Step title="Validated">
          {notes.length === 0 && 'Nothing was changed.'}
          <ul>
            {notes.map(note => (
              <li key={`${note.code} ${note.path}`}>{noteText(note)}</li>
            ))}
          </ul>
          {duplicates.length > 0 && (
            <p>Came again {formatPlural(duplicates.length, 'time')} with the same message id, and was not repeated.</p>
          )}
        </Step>
      );
    default:
      return outcome satisfies never;
  }
}

function RowStep({ row, sourceId }: { row: ReceiptRow; sourceId: string }) {
  const schema = hrefWith(`${sourceHref(sourceId)}/schema`, { table: row.table }, {});
  return (
    <Step
      title={
        <span className="inline-flex flex-wrap items-center gap-2">
          <Link className="link" href={schema}>
            <code>{row.table}</code>
          </Link>
          <StatusBadge status={rowStatus[row.state]} />
        </span>
      }
    >
      {row.state === 'WAITING' && <p>Its row waits for the next load of the table.</p>}
      {row.error && <p>BigQuery: {row.error}</p>}
      {changeTexts(row.changes).map(text => (
        <p key={text}>{text}</p>
      ))}
      {row.discarded.map(({ column, value }) => (
        <p key={column} className="text-warn">
          <code>{column}</code> was discarded: <code>{value}</code>
        </p>
      ))}
      {row.columns && (
        <details>
          <summary className="cursor-pointer">{formatPlural(row.columns.length, 'column')}</summary>
          <ul>
            {row.columns.map(({ column, type }) => (
              <li key={column}>
                <code>{column}</code> {type}
              </li>
            ))}
          </ul>
        </details>
      )}
      {row.loaded_at && <p>Loaded {formatInstant(row.loaded_at)}</p>}
      {row.job_id && (
        <p>
          Load job <code>{row.job_id}</code>
        </p>
      )}
      {row.stream && (
        <p>
          Storage Write stream <code>{row.stream}</code>
        </p>
      )}
    </Step>
  );
}

/** The way to all that a user did. */
const Person = ({ id, sourceId }: { id: string; sourceId: string }) => (
  <Link className="link" href={hrefWith(`${sourceHref(sourceId)}/history`, { user: id }, {})}>
    {id}
  </Link>
);

const factsOf = ({ message_id, source_id, type, user_id, anonymous_id }: ReceiptView): [string, ReactNode][] => [
  ['Message id', <code key="id">{message_id}</code>],
  ['Call', type],
  ['User', user_id && <Person key="user" id={user_id} sourceId={source_id} />],
  ['Anonymous id', anonymous_id && <Person key="anonymous" id={anonymous_id} sourceId={source_id} />],
];
