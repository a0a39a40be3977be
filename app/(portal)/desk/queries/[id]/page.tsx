/** One query: its text, what it billed, and its rows; or why there are none. */
import { notFound } from 'next/navigation';
import { LinkButton } from '@/app/_ui/button';
import { CsvLink } from '@/app/_ui/link';
import { listParams } from '@/app/_ui/list-params';
import { Notice } from '@/app/_ui/notice';
import { deniedPage } from '@/app/(portal)/_shell/denied-page';
import type { Search } from '@/app/(portal)/_shell/search-filter';
import { pageTitle } from '@/app/(portal)/_shell/visitor';
import { DeskPage, deskRefusal } from '@/app/(portal)/desk/_parts/desk-page';
import { csvHref, editorHref, firstLine, historyHref } from '@/app/(portal)/desk/_parts/desk-words';
import { givenLimit } from '@/app/(portal)/desk/_parts/opened-text';
import { SqlText } from '@/app/(portal)/desk/_parts/sql-text';
import { QueryFacts } from '@/app/(portal)/desk/queries/[id]/_parts/query-facts';
import { QueryResult } from '@/app/(portal)/desk/queries/[id]/_parts/query-result';
import { readQueryPage } from '@/app/(portal)/desk/queries/[id]/_parts/read-query-page';
import { SaveForm } from '@/app/(portal)/desk/queries/[id]/_parts/save-form';
import { landing } from '@/lib/edge/portal/landing';
import { requireMember, visitorMay } from '@/lib/edge/portal/page';
import { requireCustomer } from '@/lib/kernel/ctx';
import { env } from '@/lib/platform/env';

export const generateMetadata = () => pageTitle('Query');

type Props = { params: Promise<{ id: string }>; searchParams: Search };

export default async function QueryResultPage({ params, searchParams }: Props) {
  const visitor = await requireMember();
  if (!visitorMay(visitor, 'desk:query')) return deniedPage(visitor, 'desk.run_query', deskRefusal);
  const ctx = requireCustomer(visitor.ctx);
  const { offset } = listParams(await searchParams);
  const page = await readQueryPage(ctx, (await params).id, offset);
  if (!page) notFound();
  const { query, result } = page;
  const { done } = await landing();
  const added = givenLimit(query.sql, query.executedSql);
  return (
    <DeskPage
      visitor={visitor}
      crumbs={[{ label: 'History', href: historyHref }, { label: 'Query' }]}
      title={firstLine(query.sql, 70)}
      sentence="What was asked, what it billed, and what came back."
      actions={
        <>
          {result.state === 'rows' && result.rows.length > 0 && <CsvLink href={csvHref(query.queryId)} />}
          <LinkButton variant="primary" icon="pencil" href={editorHref({ query: query.queryId })}>
            Edit
          </LinkButton>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        {done === 'ran' && query.status === 'COMPLETED' && (
          <Notice tone="ok" closable>
            The query ran. Pages of its result and the CSV cost nothing more.
          </Notice>
        )}
        <QueryFacts query={query} usdPerTib={env().BIGQUERY_USD_PER_TIB} />
        <QueryResult query={query} result={result} requestId={ctx.requestId} now={ctx.clock()} />
        <SqlText sql={query.sql} actions={<SaveForm customerId={ctx.customerId} sql={query.sql} />} />
        {added !== null && (
          <p className="text-table text-muted">
            It ran with <code>LIMIT {added}</code>, as its text has none.
          </p>
        )}
      </div>
    </DeskPage>
  );
}
