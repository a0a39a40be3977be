/** What came back: rows; or why there are none, and what to do. */
import { LinkButton } from '@/app/_ui/button';
import { formatCount, formatPlural } from '@/app/_ui/format';
import { Notice } from '@/app/_ui/notice';
import { EmptyState, ErrorState } from '@/app/_ui/states';
import { LiveRefresh } from '@/app/(portal)/_shell/live-refresh';
import { editorHref, failureTitle, queryHref } from '@/app/(portal)/desk/_parts/desk-words';
import type { ShownResult } from '@/app/(portal)/desk/queries/[id]/_parts/read-query-page';
import { ResultPager } from '@/app/(portal)/desk/queries/[id]/_parts/result-pager';
import { ResultTable } from '@/app/(portal)/desk/queries/[id]/_parts/result-table';
import { resultHours } from '@/lib/domains/desk/rules';
import type { QueryView } from '@/lib/domains/desk/run/query-view';
import { formatBytes } from '@/lib/platform/words/format-bytes';

type Props = { query: QueryView; result: ShownResult; requestId: string; now: Date };

export function QueryResult({ query, result, requestId, now }: Props) {
  switch (result.state) {
    case 'none':
      return <NoResult query={query} now={now} />;
    case 'unavailable':
      return (
        <ErrorState title="Could not read the rows." retryHref={queryHref(query.queryId)} requestId={requestId}>
          {result.reason}
        </ErrorState>
      );
    case 'expired':
      return (
        <EmptyState
          icon="hourglass"
          title="The result is gone."
          action={<LinkButton href={editorHref({ query: query.queryId })}>Check it and run it again</LinkButton>}
        >
          BigQuery keeps a result for {resultHours} hours. To have its rows again, the query has to run again, which
          bills again.
        </EmptyState>
      );
    case 'rows':
      return <Rows query={query} result={result} />;
    default:
      return result satisfies never;
  }
}

function Rows({ query, result }: { query: QueryView; result: Extract<ShownResult, { state: 'rows' }> }) {
  const { columns, rows, offset, more, hiddenColumns } = result;
  if (rows.length === 0 && offset === 0)
    return (
      <EmptyState icon="search" title="The query found no rows.">
        Nothing in the tables is as it asks. A row would have {formatPlural(columns.length, 'column')}.
      </EmptyState>
    );
  return (
    <section aria-labelledby="rows" className="flex min-w-0 flex-col gap-3">
      <h2 id="rows" className="sr-only">
        Rows
      </h2>
      {hiddenColumns > 0 && (
        <p className="text-table text-muted">
          The first {formatPlural(columns.length, 'column')} of {formatCount(columns.length + hiddenColumns)}; the CSV
          has all.
        </p>
      )}
      <ResultTable columns={columns} rows={rows} offset={offset} />
      <ResultPager query={query} offset={offset} shown={rows.length} more={more} />
    </section>
  );
}

function NoResult({ query, now }: { query: QueryView; now: Date }) {
  switch (query.status) {
    case 'RUNNING':
      return (
        <div className="flex flex-col gap-3">
          <Notice tone="info" title="It is running.">
            Its rows appear here once it has ended. You may leave this page.
          </Notice>
          <LiveRefresh drawnAtMs={now.getTime()} />
          <noscript>
            <a className="link" href={queryHref(query.queryId)}>
              Refresh
            </a>
          </noscript>
        </div>
      );
    case 'FAILED':
      return (
        <Notice tone="bad" title={failureTitle(query.errorMessage)}>
          <span className="wrap-anywhere">{query.errorMessage ?? 'No reason is known.'}</span>
        </Notice>
      );
    case 'LOST':
      return (
        <Notice tone="warn" title="What became of it is not known.">
          The process that ran it ended before it could say so. Its estimate of {formatBytes(query.estimatedBytes)}{' '}
          stays counted in the budget of its day. Edit it to ask again.
        </Notice>
      );
    case 'COMPLETED':
      return null;
    default:
      return query.status satisfies never;
  }
}
