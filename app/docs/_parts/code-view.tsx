/** Code in colours, with a button that copies it. */
// biome-ignore-all lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard.
// biome-ignore-all lint/a11y/useSemanticElements: a group that scrolls is no fieldset.
// biome-ignore-all lint/security/noDangerouslySetInnerHtml: made by highlighted(), which escapes every text.
import { type CodeLanguage, highlighted } from '@/app/docs/_samples/highlight';
import { type Language, languageNames, languages, type Sample } from '@/app/docs/_samples/languages';

type CodeProps = { code: string; language: CodeLanguage; label: string; of?: Language };

async function Code({ code, language, label, of }: CodeProps) {
  return (
    <div role="group" aria-label={label} tabIndex={0} className="code-box" data-language={of}>
      <pre>
        <code dangerouslySetInnerHTML={{ __html: await highlighted(code, language) }} />
      </pre>
    </div>
  );
}

/** Both words stand there, so that a script only moves a mark; docs-scripts.tsx does the work. */
const Copy = ({ label }: { label: string }) => (
  <button type="button" className="btn btn-quiet code-copy needs-script" aria-label={`Copy ${label}`} data-copy-code>
    <span>Copy</span>
    <span>Copied</span>
  </button>
);

/** One piece of code. */
export const CodeView = ({ code, language, label }: Omit<CodeProps, 'of'>) => (
  <figure className="code" data-code>
    <Code code={code} language={language} label={label} />
    <Copy label={label} />
  </figure>
);

const grammar: Record<Language, CodeLanguage> = { curl: 'bash', python: 'python', typescript: 'typescript' };

/** A sample in every language, of which one shows: by radio buttons, so that it works without scripts. */
export function SampleView({ sample, language }: { sample: Sample; language: Language }) {
  return (
    <figure className="code sample" data-code>
      <fieldset className="sample-tabs">
        <legend className="sr-only">{`Language: ${sample.title}`}</legend>
        {languages.map(name => (
          <label key={name} className="sample-tab">
            <input
              type="radio"
              name={`language-${sample.id}`}
              value={name}
              defaultChecked={name === language}
              data-sample-language
            />
            {languageNames[name]}
          </label>
        ))}
      </fieldset>
      {languages.map(name => (
        <Code
          key={name}
          code={sample.code[name]}
          language={grammar[name]}
          label={`${sample.title} in ${languageNames[name]}`}
          of={name}
        />
      ))}
      {languages.map(
        name =>
          sample.install?.[name] && (
            <p key={name} className="sample-install" data-language={name}>
              Needs <code>{sample.install[name]}</code>
            </p>
          ),
      )}
      <Copy label={sample.title} />
    </figure>
  );
}
