/** One call of the API: what it is for, its fields, its answers, an example. */
import { FieldTable } from '@/app/docs/field-table';
import type { Call } from '@/app/docs/reference';
import { ScrollBox } from '@/app/docs/scroll-box';
import { WithCode } from '@/app/docs/with-code';

export function CallSection({ call }: { call: Call }) {
  const title = `${call.method} ${call.path}`;
  return (
    <section className="flex min-w-0 flex-col gap-3" aria-labelledby={call.id}>
      <h3 id={call.id} className="wrap-anywhere">
        {call.summary} <code className="text-muted">{title}</code>
      </h3>
      {call.paragraphs.map(text => (
        <p key={text} className="max-w-prose">
          <WithCode text={text} />
        </p>
      ))}
      {call.parameters.length > 0 && <FieldTable caption={`Parameters of ${title}`} fields={call.parameters} asked />}
      {call.body.length > 0 && <FieldTable caption={`Body of ${title}`} fields={call.body} asked />}
      <ScrollBox label={`Example of ${title}`} className="p-3">
        <pre>{call.example}</pre>
      </ScrollBox>
      {call.successes.map(({ status, text, fields }) => (
        <details key={status}>
          <summary className="cursor-pointer">
            <strong>{status}</strong> <WithCode text={text} />
          </summary>
          {fields.length > 0 && (
            <div className="mt-2">
              <FieldTable caption={`Answer ${status} of ${title}`} fields={fields} asked={false} />
            </div>
          )}
        </details>
      ))}
      <p className="text-muted">Refusals, with what to do about each:</p>
      <ul className="flex flex-wrap gap-x-4 gap-y-1">
        {call.refusals.flatMap(({ status, codes }) =>
          codes.map(code => (
            <li key={code}>
              {status}{' '}
              <a href={`#${code}`} className="underline">
                <code>{code}</code>
              </a>
            </li>
          )),
        )}
      </ul>
    </section>
  );
}
