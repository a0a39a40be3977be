'use client';
/**
 * Ready samples for a key that was just made, and the wait for its first call. Loaded where a key is shown. Without our script the
 * samples and their languages work; copying and waiting do not, and a link leads to the key's calls.
 */
import { useId } from 'react';
import { CodeBox } from '@/app/_ui/code-box';
import { WaitForCall } from '@/app/_ui/wait-for-call';
import type { FirstCall as Props } from '@/lib/edge/portal/form-state';

export function FirstCall({ call, secret }: { call: Props; secret: string }) {
  const id = useId();
  return (
    <section className="card flex min-w-0 flex-col gap-4 p-4" aria-labelledby={id}>
      <h2 id={id}>Make the first call</h2>
      {call.does === null ? (
        <p className="text-muted">
          Its scopes only change things, so there is no harmless call to try.{' '}
          <a className="link" href="/docs">
            How to call the API
          </a>
        </p>
      ) : (
        <Samples call={call} secret={secret} />
      )}
      <WaitForCall {...call} />
      <noscript>
        <a className="btn btn-plain" href={call.keyHref}>
          Check for the first call
        </a>
      </noscript>
    </section>
  );
}

/** What hides each sample: that another one is chosen. */
const hiddenBy: Record<string, string> = {
  curl: 'group-has-[[value=python]:checked]/samples:hidden group-has-[[value=typescript]:checked]/samples:hidden',
  python: 'group-has-[[value=curl]:checked]/samples:hidden group-has-[[value=typescript]:checked]/samples:hidden',
  typescript: 'group-has-[[value=curl]:checked]/samples:hidden group-has-[[value=python]:checked]/samples:hidden',
};

/** Radios stand for tabs, and CSS shows what is chosen: no script is needed to change the language. */
function Samples({ call: { does, samples, keyGap }, secret }: { call: Props; secret: string }) {
  const name = useId();
  return (
    <div className="group/samples flex min-w-0 flex-col gap-3">
      <p className="text-muted">{does}</p>
      <fieldset className="tabs">
        <legend className="sr-only">Language</legend>
        {samples.map(({ language, title }, index) => (
          <label
            key={language}
            className="tab relative cursor-pointer has-checked:border-accent has-checked:text-accent has-focus-visible:outline-2 has-focus-visible:-outline-offset-2 has-focus-visible:outline-focus"
          >
            <input type="radio" name={name} value={language} defaultChecked={index === 0} className="sr-only" />
            {title}
          </label>
        ))}
      </fieldset>
      {samples.map(({ language, title, code, how }) => (
        <div key={language} className={`flex min-w-0 flex-col gap-2 ${hiddenBy[language] ?? ''}`}>
          <p>{how}</p>
          <CodeBox label={`${title} sample`} code={code.replaceAll(keyGap, secret)} />
        </div>
      ))}
    </div>
  );
}
