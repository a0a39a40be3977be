/** AI usage → Imports: what brought traces in or changed them, what it took and what it refused. */
import { LinkButton } from '@/app/_ui/button';
import { type Column, DataTable } from '@/app/_ui/data-table';
import { FilterBar, type FilterField } from '@/app/_ui/filter-bar';
import { formatCount, formatDuration } from '@/app/_ui/format';
import { CsvLink, Link } from '@/app/_ui/link';
import { hrefWith, listParams } from '@/app/_ui/list-params';
import { Notice } from '@/app/_ui/notice';
import { PageHeader } from '@/app/_ui/page-header';
import { Pager } from '@/app/_ui/pager';
import { EmptyState } from '@/app/_ui/states';
import { StatusBadge } from '@/app/_ui/status-badge';
import { Time } from '@/app/_ui/time';
import { ListError } from '@/app/(portal)/_shell/list-error';
import { PortalPage } from '@/app/(portal)/_shell/portal-page';
import { type Search, searchFilter } from '@/app/(portal)/_shell/search-filter';
import { pageTitle, timeMode } from '@/app/(portal)/_shell/visitor';
import { keptSentence, retentionHref } from '@/app/(portal)/settings/retention/_parts/retention-words';
import { cardFromStart } from '@/app/(portal)/traces/_parts/from-start';
import { importHref, importLooks, jobWords, sourceWords } from '@/app/(portal)/traces/_parts/import-words';
import { TracesTabs } from '@/app/(portal)/traces/_parts/traces-tabs';
import { DeadRows } from '@/app/(portal)/traces/imports/_parts/dead-rows';
import { listTraceDeadRows, type TraceDeadRowPage } from '@/lib/domains/traces/imports/dead-rows/list-dead-rows';
import { type ImportView, listImports, listImportsInput } from '@/lib/domains/traces/imports/imports';
import { readRetention } from '@/lib/domains/traces/retention/set-retention';
import { etlJobs } from '@/lib/domains/traces/rules';
import { landing } from '@/lib/edge/portal/landing';
import { requireMember, visitorMay } from '@/lib/edge/portal/page';
import { type CustomerCtx, requireCustomer } from '@/lib/kernel/ctx';
import { AppError } from '@/lib/platform/errors';

export const generateMetadata = () => pageTitle('AI imports');

const path = '/traces/imports';
const fields: readonly FilterField[] = [
  {
    type: 'select',
    name: 'state',
    label: 'State',
    options: [
      { value: '', label: 'All states' },
      { value: 'RUNNING', label: 'Running' },
      { value: 'COMPLETED', label: 'Succeeded' },
      { value: 'FAILED', label: 'Failed' },
    ],
  },
  {
    type: 'select',
    name: 'job',
    label: 'Job',
    options: [{ value: '', label: 'All jobs' }, ...etlJobs.map(job => ({ value: job, label: jobWords[job] }))],
  },
];

const columns = (now: Date, mode: 'relative' | 'absolute'): Column<ImportView>[] => [
  {
    id: 'import',
    head: 'Import',
    priority: 'name',
    cell: ({ id, job, source }) => (
      <span className="block">
        <Link className="link" href={importHref(id)}>
          {jobWords[job]} {id}
        </Link>
        {source && (
          <span className="block text-meta font-normal wrap-anywhere text-muted">{sourceWords({ job, source })}</span>
        )}
      </span>
    ),
  },
  { id: 'state', head: 'State', priority: 'second', cell: ({ state }) => <StatusBadge status={importLooks[state]} /> },
  { id: 'started', head: 'Started', cell: run => <Time instant={run.started_at} now={now} mode={mode} /> },
  {
    id: 'took',
    head: 'Took',
    align: 'end',
    cell: ({ started_at, finished_at }) =>
      finished_at ? formatDuration(finished_at.getTime() - started_at.getTime()) : '–',
  },
  { id: 'rows', head: 'Taken', align: 'end', cell: ({ row_count }) => formatCount(row_count) },
  { id: 'refused', head: 'Refused', align: 'end', cell: ({ refused_count }) => formatCount(refused_count) },
  { id: 'assumed', head: 'Without a time', align: 'end', cell: ({ assumed_times }) => formatCount(assumed_times) },
];

/** A wrong cursor starts over. */
async function deadRowsFrom(ctx: CustomerCtx, after: string | undefined): Promise<TraceDeadRowPage> {
  return listTraceDeadRows(ctx, { after }).catch(error => {
    if (error instanceof AppError && error.code === 'invalid_cursor') return listTraceDeadRows(ctx, {});
    throw error;
  });
}

export default async function ImportsPage({ searchParams }: { searchParams: Search }) {
  const visitor = await requireMember();
  const ctx = requireCustomer(visitor.ctx);
  const { params, filter, unknown } = await searchFilter(listImportsInput, searchParams);
  const { rows: rowsAfter } = listParams(await searchParams);
  const { done } = await landing();
  const [read, dead, { keep_days: keepDays }] = await Promise.all([
    cardFromStart(ctx.requestId, filter, asked => listImports(ctx, asked)),
    deadRowsFrom(ctx, rowsAfter),
    readRetention(ctx, {}),
  ]);
  const isFiltered = Object.values(params).some(Boolean);
  return (
    <PortalPage visitor={visitor} current="traces" crumbs={[{ label: 'Imports' }]}>
      <PageHeader
        title="Imports"
        sentence="What brought traces in or changed them, failed attempts too, the newest first."
        actions={<CsvLink href={hrefWith('/api/traces/imports', { ...params, format: 'csv' }, { after: undefined })} />}
      />
      <TracesTabs current="imports" />
      <div className="flex flex-col gap-4">
        {unknown && <Notice tone="warn">A filter in the address is not known. These are all imports.</Notice>}
        {done === 'rows' && (
          <Notice tone="ok" closable>
            The requests are in line to be loaded again.
          </Notice>
        )}
        <DeadRows
          page={dead}
          customerId={ctx.customerId}
          cursor={rowsAfter}
          now={ctx.clock()}
          mode={timeMode(visitor)}
          mayWrite={visitorMay(visitor, 'traces:write')}
        />
        <FilterBar path={path} params={params} fields={fields} keep={['limit']} />
        {read.ok ? (
          <DataTable
            caption="Imports"
            columns={columns(ctx.clock(), timeMode(visitor))}
            rows={read.data.imports}
            rowKey={({ id }) => String(id)}
            empty={
              <EmptyState
                icon={isFiltered ? 'search' : 'sparkles'}
                title={isFiltered ? 'No imports match these filters.' : 'No imports yet.'}
                action={isFiltered && <LinkButton href={path}>Clear all</LinkButton>}
              >
                {!isFiltered && 'Each file that is imported, and what is received by the API, stands here.'}
              </EmptyState>
            }
            footer={
              <Pager
                path={path}
                params={params}
                shown={read.data.imports.length}
                nextCursor={read.data.nextCursor ?? undefined}
                sized
              />
            }
          />
        ) : (
          <ListError noun="imports" path={path} params={params} requestId={ctx.requestId} reason={read.reason} />
        )}
        <p className="text-table text-muted">
          {keptSentence(keepDays, ctx.clock())}{' '}
          <Link className="link" href={retentionHref}>
            Data retention
          </Link>
        </p>
      </div>
    </PortalPage>
  );
}
