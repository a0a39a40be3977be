/** Addresses of list pages: all state of a list is in its query, so reload, back and share give the same view. */

export type ListParams = Readonly<Record<string, string | undefined>>;

/** Reads a page's searchParams: the first value of each name, empty ones left out. */
export function listParams(searchParams: Record<string, string | string[] | undefined>): ListParams {
  const entries = Object.entries(searchParams).map(([name, value]) => [name, Array.isArray(value) ? value[0] : value]);
  return Object.fromEntries(entries.filter(([, value]) => value));
}

/** The address with some parameters changed (undefined removes). Any change but of the page itself starts at the first page. */
export function hrefWith(path: string, params: ListParams, changes: ListParams): string {
  const startOver = !('after' in changes);
  const merged = { ...params, ...(startOver ? { after: undefined } : {}), ...changes };
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(merged)) if (value) query.set(name, value);
  const text = query.toString();
  return text ? `${path}?${text}` : path;
}

export type SortState = 'ascending' | 'descending' | 'none';

/** The current direction of a sortable column; `initial` is the order used when the query names none. */
export function sortState(params: ListParams, id: string, initial: { sort: string; dir: 'asc' | 'desc' }): SortState {
  if ((params.sort ?? initial.sort) !== id) return 'none';
  const direction = params.sort ? (params.dir ?? 'asc') : initial.dir;
  return direction === 'desc' ? 'descending' : 'ascending';
}
