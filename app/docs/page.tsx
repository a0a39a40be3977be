/** /docs: all pages, and the places of what once stood on one page, so that old links with a # still lead on. */
import type { Metadata } from 'next';
import { connection } from 'next/server';
import { Link } from '@/app/_ui/link';
import { addresses } from '@/app/docs/_content/addresses';
import { oldPlaces } from '@/app/docs/_content/old-places';
import { pageGroups } from '@/app/docs/_content/pages';
import { DocsFrame } from '@/app/docs/_parts/frame';
import { Inline } from '@/app/docs/_parts/inline';

export const metadata: Metadata = { title: 'Docs · Tenantry' };

export default async function DocsIndex() {
  await connection();
  const at = addresses();
  return (
    <DocsFrame slug="">
      <header className="docs-head">
        <h1>Documentation</h1>
        <p className="text-muted">
          How to run pipelines under a quota, send events, AI usage and agent logs, and read them again. Begin with the{' '}
          <Link href="/docs/quickstart" className="link">
            Quickstart
          </Link>
          .
        </p>
      </header>
      {pageGroups.map(group => (
        <section key={group.title} className="docs-section" aria-label={group.title}>
          <h2>{group.title}</h2>
          <ul className="docs-cards">
            {group.pages.map(page => (
              <li key={page.slug}>
                <Link href={`/docs/${page.slug}`} className="card card-link">
                  <strong>{page.title}</strong>
                  <span className="text-muted">
                    <Inline text={page.content(at).lead} />
                  </span>
                </Link>
              </li>
            ))}
          </ul>
        </section>
      ))}
      <section className="docs-section docs-old" aria-labelledby="old-links">
        <h2 id="old-links">Old links</h2>
        <p className="text-muted">
          All of it once stood on this page. A link with a # leads to a line here, which leads on.
        </p>
        <ul>
          {oldPlaces(at).map(({ id, href }) => (
            <li key={id} id={id}>
              <a href={href} className="link-quiet">
                {id}
              </a>
            </li>
          ))}
        </ul>
      </section>
    </DocsFrame>
  );
}
