/** Query desk: a text, what it would read and cost, and the tables that can be asked. */
import { createHash } from 'node:crypto';
import { LinkButton } from '@/app/_ui/button';
import { listParams } from '@/app/_ui/list-params';
import { Notice } from '@/app/_ui/notice';
import { ErrorState } from '@/app/_ui/states';
import { deniedPage } from '@/app/(portal)/_shell/denied-page';
import type { Search } from '@/app/(portal)/_shell/search-filter';
import { pageTitle } from '@/app/(portal)/_shell/visitor';
import { ClosedDesk } from '@/app/(portal)/desk/_parts/closed';
import { DeskEditor } from '@/app/(portal)/desk/_parts/desk-editor';
import { DeskPage, deskRefusal } from '@/app/(portal)/desk/_parts/desk-page';
import { opened } from '@/app/(portal)/desk/_parts/desk-state';
import { deskHref, rowChoices, savedQueryHref } from '@/app/(portal)/desk/_parts/desk-words';
import { openedText, opensNothing } from '@/app/(portal)/desk/_parts/opened-text';
import { ExamplesCard, RecentCard, SavedCard } from '@/app/(portal)/desk/_parts/side-lists';
import { readTables } from '@/app/(portal)/desk/_parts/tables/read-tables';
import { TableList } from '@/app/(portal)/desk/_parts/tables/table-list';
import { askAction } from '@/app/(portal)/desk/actions';
import { listQueries } from '@/lib/domains/desk/history/list-queries';
import { listSavedQueries } from '@/lib/domains/desk/saved/saved-queries';
import { requireMember, type Visitor, visitorMay } from '@/lib/edge/portal/page';
import { cardData } from '@/lib/edge/portal/page-card';
import { requireCustomer } from '@/lib/kernel/ctx';
import { env } from '@/lib/platform/env';
import { newUuid } from '@/lib/platform/ids';
import { isAnalyzerSet } from '@/lib/platform/sql-analyzer/analyze-sql';

export const generateMetadata = () => pageTitle('Query desk');

const sentence =
  'Ask your organization’s own data by SQL. A query says what it reads and costs before it runs, and cannot bill more than its cap.';

/** What the browser keeps a text by: another sign-in, of whomever, and another organization have none of it. */
const keptAs = ({ session, membership }: Visitor): string =>
  `${createHash('sha256').update(session.sessionId).digest('hex').slice(0, 16)}.${membership.customerId}`;

export default async function QueryPage({ searchParams }: { searchParams: Search }) {
  const visitor = await requireMember();
  if (!visitorMay(visitor, 'desk:query')) return deniedPage(visitor, 'desk.run_query', deskRefusal);
  const ctx = requireCustomer(visitor.ctx);
  const params = listParams(await searchParams);
  if (!isAnalyzerSet())
    return (
      <DeskPage visitor={visitor} current="ask" title="Query desk" sentence={sentence}>
        <ClosedDesk />
      </DeskPage>
    );
  const [tables, saved, history] = await Promise.all([
    cardData(ctx.requestId, readTables(ctx, params.open ?? '')),
    listSavedQueries(ctx, {}),
    listQueries(ctx, { limit: 5 }),
  ]);
  const text = await openedText(ctx, params, saved);
  const choices = [...new Set([...rowChoices, text.limit])].sort((a, b) => a - b);
  return (
    <DeskPage visitor={visitor} current="ask" title="Query desk" sentence={sentence}>
      <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_minmax(0,20rem)]">
        <div className="flex min-w-0 flex-col gap-6">
          {text.saved && (
            <Notice
              tone="neutral"
              action={<LinkButton href={savedQueryHref(text.saved.saved_query_id)}>Change it…</LinkButton>}
            >
              From the saved query “{text.saved.query_name}”, which stays as it is.
            </Notice>
          )}
          <DeskEditor
            // Another text is another form; what is open beside it is not.
            key={JSON.stringify({ ...params, open: undefined })}
            action={askAction}
            initial={opened(text.sql, String(text.limit))}
            customerId={ctx.customerId}
            idempotencyKey={newUuid()}
            rowChoices={choices}
            keptAs={keptAs(visitor)}
            isEmpty={opensNothing(params)}
          />
          <RecentCard queries={history.queries} now={ctx.clock()} usdPerTib={env().BIGQUERY_USD_PER_TIB} />
          <ExamplesCard />
        </div>
        <aside aria-label="Tables and saved queries" className="flex min-w-0 flex-col gap-4">
          <SavedCard saved={saved} />
          {tables.ok ? (
            <TableList tables={tables.data} params={params} />
          ) : (
            <ErrorState title="Could not load the tables." retryHref={deskHref} requestId={ctx.requestId}>
              {tables.reason}
            </ErrorState>
          )}
        </aside>
      </div>
    </DeskPage>
  );
}
