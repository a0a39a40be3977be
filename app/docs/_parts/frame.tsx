/** The frame of every page of the documentation: bar, pages at the left, contents at the right; public, and printed without. */
import type { ReactNode } from 'react';
import { Icon } from '@/app/_ui/icon';
import { Link } from '@/app/_ui/link';
import { Wordmark } from '@/app/_ui/wordmark';
import { pageGroups } from '@/app/docs/_content/pages';
import type { PageGroup } from '@/app/docs/_content/types';
import { SearchBox } from '@/app/docs/_search/search-box';

type Props = {
  /** Below /docs/; none of them on the list of pages and in search. */
  slug: string;
  toc?: readonly { id: string; title: string }[];
  question?: string;
  children: ReactNode;
};

export function DocsFrame({ slug, toc = [], question = '', children }: Props) {
  return (
    <>
      <a href="#main" className="skip-link link">
        Skip to content
      </a>
      <header className="topbar docs-bar">
        <Link href="/docs" className="docs-name">
          <Wordmark /> <span className="text-muted">Docs</span>
        </Link>
        <SearchBox question={question} />
        <Link href="/" className="btn btn-plain">
          Open portal
        </Link>
      </header>
      <div className="docs-frame">
        <div className="sidenav docs-side">
          <PageList slug={slug} />
        </div>
        <div className="docs-body">
          <details className="docs-disclosure">
            <summary>All pages</summary>
            <PageList slug={slug} />
          </details>
          <main id="main" tabIndex={-1} className="docs-main">
            {children}
          </main>
        </div>
        {toc.length > 1 && <Contents toc={toc} />}
      </div>
    </>
  );
}

/** A reference has its pages listed only where the reader is within it; else its overview stands for them. */
const shownPages = ({ pages }: PageGroup, slug: string) => {
  const [first] = pages;
  const isReference = pages.length > 1 && pages.every(page => page.slug.startsWith(first?.slug ?? ''));
  return isReference && !slug.startsWith(first?.slug ?? '') ? pages.slice(0, 1) : pages;
};

const PageList = ({ slug }: { slug: string }) => (
  <nav aria-label="Documentation" className="flex flex-col gap-4">
    {pageGroups.map(group => (
      <div key={group.title}>
        <p className="mb-1 px-2 text-meta font-medium text-muted">{group.title}</p>
        <ul>
          {shownPages(group, slug).map(page => (
            <li key={page.slug}>
              <Link
                href={`/docs/${page.slug}`}
                className="nav-link"
                aria-current={page.slug === slug ? 'page' : undefined}
              >
                {page.title}
              </Link>
            </li>
          ))}
        </ul>
      </div>
    ))}
  </nav>
);

const Contents = ({ toc }: { toc: readonly { id: string; title: string }[] }) => (
  <nav aria-label="On this page" className="docs-toc">
    <p className="text-meta font-medium text-muted">On this page</p>
    <ul>
      {toc.map(({ id, title }) => (
        <li key={id}>
          <a href={`#${id}`}>{title}</a>
        </li>
      ))}
    </ul>
  </nav>
);

type Neighbour = { slug: string; title: string } | undefined;

/** The pages before and after. */
export const Neighbours = ({ before, after }: { before: Neighbour; after: Neighbour }) => (
  <nav aria-label="Pages before and after" className="docs-neighbours">
    {before && (
      <Link href={`/docs/${before.slug}`} className="card card-link">
        <Icon name="chevron-left" />
        <span>
          <span className="text-meta text-muted">Previous</span> {before.title}
        </span>
      </Link>
    )}
    {after && (
      <Link href={`/docs/${after.slug}`} className="card card-link docs-after">
        <span>
          <span className="text-meta text-muted">Next</span> {after.title}
        </span>
        <Icon name="chevron-right" />
      </Link>
    )}
  </nav>
);
