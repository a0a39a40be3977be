/** One page of the documentation from its content. */
import { cookies } from 'next/headers';
import { neighbours } from '@/app/docs/_content/pages';
import type { DocsPage } from '@/app/docs/_content/types';
import { visitorKey } from '@/app/docs/_content/visitor-key';
import { BlockView } from '@/app/docs/_parts/blocks';
import { CodeView } from '@/app/docs/_parts/code-view';
import { DocsScripts } from '@/app/docs/_parts/docs-scripts';
import { DocsFrame, Neighbours } from '@/app/docs/_parts/frame';
import { Inline } from '@/app/docs/_parts/inline';
import { languageCookie, toLanguage } from '@/app/docs/_samples/languages';
import { samplesOf, setUpOf, variablesOf } from '@/app/docs/_samples/variables';

export async function PageView({ page }: { page: DocsPage }) {
  const language = toLanguage((await cookies()).get(languageCookie)?.value);
  const { before, after } = neighbours(page.slug);
  return (
    <DocsFrame slug={page.slug} toc={page.sections}>
      <header className="docs-head">
        <h1>{page.title}</h1>
        <p className="text-muted">
          <Inline text={page.lead} />
        </p>
      </header>
      <SetUp page={page} />
      {page.sections.map(section => (
        <section key={section.id} className="docs-section" aria-labelledby={section.id}>
          <h2 id={section.id}>{section.title}</h2>
          {section.blocks.map((block, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a section never move.
            <BlockView key={index} block={block} language={language} />
          ))}
        </section>
      ))}
      <Neighbours before={before} after={after} />
      <DocsScripts cookieName={languageCookie} />
    </DocsFrame>
  );
}

/** What the reader sets before the first sample; with the start of the reader's own key where there is one. */
async function SetUp({ page }: { page: DocsPage }) {
  const names = variablesOf(samplesOf(page));
  if (names.length === 0) return null;
  const key = names.includes('TENANTRY_KEY') ? await visitorKey() : null;
  return (
    <div className="docs-section">
      <p className="text-muted">The samples of this page read these variables:</p>
      <CodeView code={setUpOf(names, key)} language="bash" label="the variables" />
    </div>
  );
}
