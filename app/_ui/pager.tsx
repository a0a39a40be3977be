/** The foot of a list: how much is shown, and links to the first and the next page (cursor paging); or in a card the links alone. */
import { formatCount } from '@/app/_ui/format';
import { Icon } from '@/app/_ui/icon';
import { Link } from '@/app/_ui/link';
import { hrefWith, type ListParams } from '@/app/_ui/list-params';
import { pageSizes, usualSize } from '@/app/_ui/page-sizes';
import { rememberedSize } from '@/app/_ui/remembered-size';

type Props = {
  path: string;
  params: ListParams;
  shown: number;
  /** Number of all rows that match, where it is known; the first row's position comes with it. */
  total?: number;
  /** 1-based position of the first row shown; needed with `total`. */
  firstPosition?: number;
  /** Cursor of the next page; undefined on the last. */
  nextCursor?: string;
  /** Offers how many rows a page has; for lists that take `limit` of the address. */
  sized?: boolean;
};

export function Pager({ path, params, shown, total, firstPosition = 1, nextCursor, sized = false }: Props) {
  const isLong = Boolean(nextCursor ?? params.after ?? params.limit) || shown > Number(pageSizes[0]);
  const summary =
    total === undefined
      ? `${formatCount(shown)} shown${nextCursor ? ', more available' : ''}`
      : `${formatCount(firstPosition)}–${formatCount(firstPosition + shown - 1)} of ${formatCount(total)}`;
  return (
    <nav aria-label="Pages" className="flex flex-wrap items-center justify-between gap-3">
      <p className="text-table text-muted tabular-nums">{summary}</p>
      {sized && isLong && <PageSizes path={path} params={params} />}
      <div className="flex gap-2">
        {params.after && (
          <Link className="btn btn-plain" href={hrefWith(path, params, { after: undefined })}>
            First page
          </Link>
        )}
        {nextCursor && (
          <Link className="btn btn-plain" href={hrefWith(path, params, { after: nextCursor })}>
            Next page
            <Icon name="chevron-right" />
          </Link>
        )}
      </div>
    </nav>
  );
}

/** Links, so that the size is in the address; the last one chosen is remembered by the server. */
async function PageSizes({ path, params }: Pick<Props, 'path' | 'params'>) {
  const current = params.limit ?? (await rememberedSize()) ?? usualSize;
  return (
    <p className="flex items-center gap-1 text-table text-muted tabular-nums sm:ml-auto">
      Rows a page
      {pageSizes.map(size => (
        <Link
          key={size}
          className="page-size"
          aria-label={`${size} rows a page`}
          aria-current={size === current ? 'true' : undefined}
          href={hrefWith(path, params, { limit: size })}
        >
          {size}
        </Link>
      ))}
    </p>
  );
}

type EarlierProps = {
  path: string;
  /** What the links keep of the address. */
  params: ListParams;
  /** The one of them that holds the cursor; it is not there on the first page. */
  cursorParam: string;
  nextCursor: string | null;
  latest: string;
  earlier: string;
};

/** Below a card's rows, the newest of which come first: the way back to them, and on to older ones. */
export function EarlierLinks({ path, params, cursorParam, nextCursor, latest, earlier }: EarlierProps) {
  const cursor = params[cursorParam];
  if (!cursor && !nextCursor) return null;
  return (
    <p className="flex gap-4">
      {cursor && (
        <Link className="link" href={hrefWith(path, params, { [cursorParam]: undefined })}>
          {latest}
        </Link>
      )}
      {nextCursor && (
        <Link className="link" href={hrefWith(path, params, { [cursorParam]: nextCursor })}>
          {earlier}
        </Link>
      )}
    </p>
  );
}
