/** /docs/search?q=…: what the search box finds, for whoever has no scripts. */
import type { Metadata } from 'next';
import { connection } from 'next/server';
import { Link } from '@/app/_ui/link';
import { addresses } from '@/app/docs/_content/addresses';
import { docsHeadings } from '@/app/docs/_content/headings';
import { DocsFrame } from '@/app/docs/_parts/frame';
import { findHeadings } from '@/app/docs/_search/find-headings';

export const metadata: Metadata = { title: 'Search · Docs · Tenantry' };

type Props = { searchParams: Promise<{ q?: string | string[] }> };

export default async function DocsSearch({ searchParams }: Props) {
  await connection();
  const question = [(await searchParams).q ?? ''].flat()[0]?.slice(0, 200).trim() ?? '';
  const found = findHeadings(docsHeadings(addresses()), question, 30);
  return (
    <DocsFrame slug="" question={question}>
      <header className="docs-head">
        <h1>Search</h1>
        <p className="text-muted">
          {question === ''
            ? 'Write a word into the box above.'
            : found.length === 0
              ? `Nothing found for “${question}”. Try fewer or other words.`
              : `${found.length === 1 ? '1 place' : `${found.length} places`} for “${question}”.`}
        </p>
      </header>
      <ul className="docs-found">
        {found.map(({ href, title, page, text }) => (
          <li key={href}>
            <Link href={href} className="link">
              {title}
            </Link>{' '}
            <span className="text-meta text-muted">{page}</span>
            <p>{text}</p>
          </li>
        ))}
      </ul>
    </DocsFrame>
  );
}
