/** What a page of the documentation is made of: plain data, from which the page, its contents, the search and the tests are made. */

import type { Call } from '@/app/docs/_reference/call';
import type { Sample } from '@/app/docs/_samples/languages';

/** Where this installation answers, without a slash at the end. */
export type Addresses = { dataPlane: string; portal: string };

/**
 * A part of a section. A text is a paragraph, in which `code`, **strong words** and [links](/docs/errors) are written as in
 * Markdown.
 */
export type Block =
  | string
  | { list: readonly string[]; ordered?: boolean }
  | { caption: string; head: readonly string[]; rows: readonly (readonly string[])[] }
  /** Words with what they mean; `id` makes one of them a place that links lead to. */
  | { terms: readonly { term: string; text: string; id?: string }[] }
  | { sample: Sample }
  | { code: string; language: 'bash' | 'json' | 'python' | 'sql' | 'typescript' | 'text'; label: string }
  /** A link into the portal. */
  | { tryIt: string; href: string }
  | { call: Call };

export type Section = { id: string; title: string; blocks: readonly Block[] };

export type DocsPage = {
  /** Below /docs/. */
  slug: string;
  title: string;
  /** What the page is for, in a sentence or two. */
  lead: string;
  sections: readonly Section[];
};

/** A page in the side bar; its content is made when it is opened. */
export type PageEntry = { slug: string; title: string; content: (at: Addresses) => DocsPage };
export type PageGroup = { title: string; pages: readonly PageEntry[] };
