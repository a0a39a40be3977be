/** The foot of a result: which rows are shown of how many, and the pages beside. */
import { formatCount } from '@/app/_ui/format';
import { Icon } from '@/app/_ui/icon';
import { Link } from '@/app/_ui/link';
import { hrefWith } from '@/app/_ui/list-params';
import { queryHref } from '@/app/(portal)/desk/_parts/desk-words';
import type { QueryView } from '@/lib/domains/desk/run/query-view';

export const resultPageRows = 100;

type Props = { query: QueryView; offset: number; shown: number; more: boolean };

/** "1–100 of 2,310"; what lies beyond the rows that can be read is said. */
function rowsWords({ query: { rowCount, totalRows }, offset, shown }: Omit<Props, 'more'>): string {
  const readable = rowCount ?? shown;
  if (shown === 0) return `No rows beyond ${formatCount(readable)}`;
  const beyond = totalRows !== null && totalRows > readable ? `, the first of ${formatCount(totalRows)}` : '';
  return `${formatCount(offset + 1)}–${formatCount(offset + shown)} of ${formatCount(readable)}${beyond}`;
}

export function ResultPager({ more, ...page }: Props) {
  const { query, offset, shown } = page;
  const path = queryHref(query.queryId);
  const at = (first: number) => hrefWith(path, {}, { offset: first > 0 ? String(first) : undefined });
  return (
    <nav aria-label="Pages" className="flex flex-wrap items-center justify-between gap-3">
      <p className="text-table text-muted tabular-nums">{rowsWords(page)}</p>
      <div className="flex gap-2">
        {offset > 0 && (
          <Link className="btn btn-plain" href={at(offset - resultPageRows)}>
            <Icon name="chevron-left" />
            Previous
          </Link>
        )}
        {more && (
          <Link className="btn btn-plain" href={at(offset + shown)}>
            Next
            <Icon name="chevron-right" />
          </Link>
        )}
      </div>
    </nav>
  );
}
