/** Beside the editor: saved queries; below it: the last queries of one's own. */
import { Card } from '@/app/_ui/card';
import { Link } from '@/app/_ui/link';
import { StatusBadge } from '@/app/_ui/status-badge';
import { Time } from '@/app/_ui/time';
import {
  billedWords,
  editorHref,
  firstLine,
  historyHref,
  queryHref,
  savedHref,
  statusOf,
} from '@/app/(portal)/desk/_parts/desk-words';
import { examples } from '@/app/(portal)/desk/_parts/examples';
import type { QueryView } from '@/lib/domains/desk/run/query-view';
import type { SavedQueryView } from '@/lib/domains/desk/saved/saved-queries';

const shownSaved = 8;

export function SavedCard({ saved }: { saved: readonly SavedQueryView[] }) {
  if (saved.length === 0) return null;
  return (
    <Card title="Saved" actions={<AllLink href={savedHref}>All saved</AllLink>}>
      <ul className="flex flex-col gap-1 text-table">
        {saved.slice(0, shownSaved).map(({ saved_query_id, query_name }) => (
          <li key={saved_query_id}>
            <Link className="link wrap-anywhere" href={editorHref({ saved: saved_query_id })}>
              {query_name}
            </Link>
          </li>
        ))}
      </ul>
    </Card>
  );
}

export const ExamplesCard = () => (
  <Card title="Begin with">
    <ul className="flex flex-col gap-1 text-table">
      {examples.map(({ id, title }) => (
        <li key={id}>
          <Link className="link" href={editorHref({ example: id })}>
            {title}
          </Link>
        </li>
      ))}
    </ul>
  </Card>
);

type RecentProps = { queries: readonly QueryView[]; now: Date; usdPerTib: number };

export function RecentCard({ queries, now, usdPerTib }: RecentProps) {
  if (queries.length === 0) return null;
  return (
    <Card title="Your last queries" actions={<AllLink href={historyHref}>History</AllLink>}>
      <ul className="flex flex-col text-table">
        {queries.map(({ queryId, sql, status, bytesBilled, startedAt }) => (
          <li
            key={queryId}
            className="flex flex-wrap items-center gap-x-3 gap-y-1 border-t border-border py-2 first:border-t-0"
          >
            <Link className="link min-w-0 flex-1 basis-60 truncate font-mono" href={queryHref(queryId)}>
              {firstLine(sql)}
            </Link>
            {status !== 'COMPLETED' && <StatusBadge status={statusOf[status]} />}
            <span className="text-meta whitespace-nowrap text-muted tabular-nums">
              {bytesBilled !== null && `${billedWords(bytesBilled, usdPerTib)} · `}
              <Time instant={startedAt} now={now} />
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}

const AllLink = ({ href, children }: { href: string; children: string }) => (
  <Link className="link text-meta" href={href}>
    {children}
  </Link>
);
