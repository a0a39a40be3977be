/** Below the editor: what is wrong with the form, why a query was not run and where, or what it would read and cost. */
import { Link } from '@/app/_ui/link';
import type { Checked, DeskState, Refused } from '@/app/(portal)/desk/_parts/desk-state';
import { Facts, TableNames } from '@/app/(portal)/desk/_parts/facts';

export function DeskAnswer({ state, isChanged }: { state: DeskState; isChanged: boolean }) {
  const { form, refused, checked } = state;
  return (
    <>
      {form.status === 'error' && (
        <div role="alert" className="notice tone-bad">
          <p className="w-full font-semibold">{form.message}</p>
          {Object.values(form.fieldErrors)
            .filter(text => !form.message.endsWith(text))
            .map(text => (
              <p key={text}>{text}</p>
            ))}
        </div>
      )}
      {refused && <RefusedBox {...refused} />}
      {checked && <CheckedBox {...checked} isChanged={isChanged} />}
    </>
  );
}

const RefusedBox = ({ title, reason, place, note, href }: Refused) => (
  <div role="alert" className="notice tone-bad">
    <p className="w-full font-semibold">{title}</p>
    <p className="w-full text-text wrap-anywhere">
      {reason.split('`').map((part, at) =>
        // biome-ignore lint/suspicious/noArrayIndexKey: Parts of one sentence never move.
        at % 2 === 1 ? <code key={at}>{part}</code> : part,
      )}
    </p>
    {place && (
      <pre className="refused-line">
        {place.text}
        {'\n'}
        {place.before}
        <span aria-hidden="true">^</span>
      </pre>
    )}
    <p className="w-full text-text">
      {note}{' '}
      {href && (
        <Link className="link" href={href}>
          Open the query
        </Link>
      )}
    </p>
  </div>
);

const CheckedBox = ({ fits, title, note, facts, tables, columns, isChanged }: Checked & { isChanged: boolean }) => (
  <div role={fits ? 'status' : 'alert'} className={`card checked ${isChanged ? 'checked-old' : ''}`} data-fits={fits}>
    <p className="font-semibold">{isChanged ? 'Of the text before it was changed' : title}</p>
    {note && <p>{note}</p>}
    <Facts facts={facts} />
    <p className="text-table text-muted">
      Reads <TableNames tables={tables} />. Gives{' '}
      {columns.map(({ name, type }, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: Columns of a query may have one name, and never move.
        <span key={at}>
          {at > 0 && ', '}
          <code>{name}</code> {type}
        </span>
      ))}
      .
    </p>
  </div>
);
