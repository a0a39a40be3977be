/** The page of a thing that was found. */
import type { SearchedKind } from '@/lib/domains/search/rules';

const pages: Record<SearchedKind, (id: string) => string> = {
  key: id => `/keys/${id}`,
  run: id => `/runs/${id}`,
  // A member has a row and no page.
  member: () => '/team',
  provider: id => `/providers/${id}`,
  credential: id => `/credentials/${id}`,
  source: id => `/sources/${id}`,
  repository: id => `/pull-requests/repositories/${id}`,
};

export const hrefOfFound = ({ kind, id }: { kind: SearchedKind; id: string }): string =>
  pages[kind](encodeURIComponent(id));
