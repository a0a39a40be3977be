/** One call of an API: what it is for, its fields, its answers, a sample. */
import { SampleView } from '@/app/docs/_parts/code-view';
import { FieldTable } from '@/app/docs/_parts/field-table';
import { Inline } from '@/app/docs/_parts/inline';
import type { Call } from '@/app/docs/_reference/call';
import type { Language } from '@/app/docs/_samples/languages';

export function CallView({ call, language }: { call: Call; language: Language }) {
  const title = `${call.method} ${call.path}`;
  return (
    <>
      <p className="docs-call">
        <span className="badge tone-info">{call.method}</span> <code className="wrap-anywhere">{call.path}</code>
      </p>
      {call.paragraphs.map(text => (
        <p key={text}>
          <Inline text={text} />
        </p>
      ))}
      {call.parameters.length > 0 && <FieldTable caption={`Parameters of ${title}`} fields={call.parameters} asked />}
      {call.body.length > 0 && <FieldTable caption={`Body of ${title}`} fields={call.body} asked />}
      {call.sample && <SampleView sample={call.sample} language={language} />}
      {call.successes.map(({ status, text, fields, sameAs }) => (
        <details key={status} className="docs-answer">
          <summary>
            <strong>{status}</strong> <Inline text={text} />
          </summary>
          {fields.length > 0 && <FieldTable caption={`Answer ${status} of ${title}`} fields={fields} asked={false} />}
          {sameAs && (
            <p>
              <Inline text={`The fields are those of [${sameAs.title}](#${sameAs.id}).`} />
            </p>
          )}
        </details>
      ))}
      {call.refusals.length > 0 && (
        <p className="text-muted">
          <Inline text={`Refusals: ${refusalText(call)}.`} />
        </p>
      )}
    </>
  );
}

/** "403 insufficient_scope, customer_suspended; 404 not_found", each code a link to what to do about it. */
const refusalText = ({ refusals }: Call): string =>
  refusals.map(({ status, codes }) => `${status} ${codes.map(linked).join(', ')}`).join('; ');

const linked = (code: string): string => (/^\w+$/.test(code) ? `[\`${code}\`](/docs/errors#${code})` : code);
