/** Every place of the documentation that a reader may want to go to: pages, their sections, and error codes. */
import { allPages } from '@/app/docs/_content/pages';
import type { Addresses, Block, DocsPage } from '@/app/docs/_content/types';
import { plainText } from '@/app/docs/_parts/inline';
import type { DocsHeading } from '@/app/docs/_search/find-headings';

const longestText = 160;

/** The beginning of a text, without half a word at its end. */
function beginningOf(text: string): string {
  const plain = plainText(text);
  return plain.length <= longestText ? plain : `${plain.slice(0, longestText).replace(/\s+\S*$/, '')}…`;
}

function firstTextOf(blocks: readonly Block[]): string {
  for (const block of blocks) {
    if (typeof block === 'string') return beginningOf(block);
    if ('call' in block) return `${block.call.method} ${block.call.path}`;
    if ('list' in block) return beginningOf(block.list.join(' '));
    if ('terms' in block) return beginningOf(block.terms.map(({ term }) => term).join(', '));
    if ('head' in block) return beginningOf(block.rows.map(([first]) => first).join(', '));
  }
  return '';
}

function headingsOf({ slug, title, lead, sections }: DocsPage): DocsHeading[] {
  const href = `/docs/${slug}`;
  return [
    { href, title, page: 'Docs', text: beginningOf(lead) },
    ...sections.flatMap(section => [
      { href: `${href}#${section.id}`, title: section.title, page: title, text: firstTextOf(section.blocks) },
      ...section.blocks
        .flatMap(block => (typeof block === 'object' && 'terms' in block ? block.terms : []))
        .flatMap(({ term, text, id }) =>
          id ? [{ href: `${href}#${id}`, title: term, page: title, text: beginningOf(text) }] : [],
        ),
    ]),
  ];
}

/** All headings, page by page in the order of the side bar. Public: it holds nothing of any customer. */
export const docsHeadings = (at: Addresses): DocsHeading[] => allPages.flatMap(page => headingsOf(page.content(at)));
