/** One import: what it read and took, and each line that it refused with the reason. */
import { notFound } from 'next/navigation';
import type { ReactNode } from 'react';
import { Card } from '@/app/_ui/card';
import { DataTable } from '@/app/_ui/data-table';
import { formatCount, formatDuration, formatInstant, formatPlural } from '@/app/_ui/format';
import { listParams } from '@/app/_ui/list-params';
import { Notice } from '@/app/_ui/notice';
import { PageHeader } from '@/app/_ui/page-header';
import { Pager } from '@/app/_ui/pager';
import { StatusBadge } from '@/app/_ui/status-badge';
import { PortalPage } from '@/app/(portal)/_shell/portal-page';
import type { Search } from '@/app/(portal)/_shell/search-filter';
import { pageTitle } from '@/app/(portal)/_shell/visitor';
import { Facts } from '@/app/(portal)/runs/_parts/facts';
import { importHref, importLooks, jobWords, sourceWords } from '@/app/(portal)/traces/_parts/import-words';
import { letterColumns } from '@/app/(portal)/traces/imports/_parts/letter-columns';
import {
  type DeadLetterPage,
  type ImportView,
  listDeadLetters,
  readImport,
} from '@/lib/domains/traces/imports/imports';
import { requireMember } from '@/lib/edge/portal/page';
import { type CustomerCtx, requireCustomer } from '@/lib/kernel/ctx';
import { AppError } from '@/lib/platform/errors';

export const generateMetadata = () => pageTitle('AI import');

const pageRows = 50;

async function importOr404(ctx: CustomerCtx, id: string): Promise<ImportView> {
  return readImport(ctx, {}, id).catch(error => {
    if (error instanceof AppError && error.code === 'not_found') notFound();
    throw error;
  });
}

/** A wrong cursor starts over. */
async function refusedLines(ctx: CustomerCtx, id: string, after: string | undefined): Promise<DeadLetterPage> {
  try {
    return await listDeadLetters(ctx, { after, limit: pageRows }, id);
  } catch (error) {
    if (error instanceof AppError && error.code === 'invalid_cursor') return refusedLines(ctx, id, undefined);
    throw error;
  }
}

function factsOf(run: ImportView): [string, ReactNode][] {
  const took = run.finished_at && formatDuration(run.finished_at.getTime() - run.started_at.getTime());
  return [
    ['State', <StatusBadge key="state" status={importLooks[run.state]} />],
    ['Source', sourceWords(run)],
    ['Started', formatInstant(run.started_at)],
    ['Ended', run.finished_at && `${formatInstant(run.finished_at)}, after ${took}`],
    ['Taken', formatCount(run.row_count)],
    ['Refused', formatCount(run.refused_count)],
    ['Without a time', formatCount(run.assumed_times)],
  ];
}

type Props = { params: Promise<{ id: string }>; searchParams: Search };

export default async function ImportPage({ params, searchParams }: Props) {
  const visitor = await requireMember();
  const ctx = requireCustomer(visitor.ctx);
  const { id } = await params;
  const run = await importOr404(ctx, id);
  const { after } = listParams(await searchParams);
  const { letters, nextCursor } = await refusedLines(ctx, id, after);
  const title = `${jobWords[run.job]} ${run.id}`;
  return (
    <PortalPage
      visitor={visitor}
      current="traces"
      crumbs={[{ label: 'Imports', href: '/traces/imports' }, { label: title }]}
    >
      <PageHeader title={title} sentence="What it took, and each line that it refused. The other lines went on." />
      <div className="flex flex-col gap-4">
        {run.error && <Notice tone="bad">{run.error}</Notice>}
        {run.assumed_times > 0 && (
          <Notice tone="warn">
            {formatPlural(run.assumed_times, 'record')} came without a time and got the time of receipt: sent again,
            they are rows of their own.
          </Notice>
        )}
        <Card title="Import">
          <Facts facts={factsOf(run)} />
        </Card>
        <Card
          title="Refused lines"
          actions={
            letters.length > 0 && (
              <a className="link" href={`/api/traces/imports/${run.id}/dead-letters?format=csv`} download>
                Download CSV
              </a>
            )
          }
        >
          <DataTable
            caption="Refused lines"
            columns={letterColumns(run.job)}
            rows={letters}
            rowKey={({ dead_letter_id }) => dead_letter_id}
            empty={
              <p className="text-muted">
                {run.refused_count > 0 ? 'The lines that were refused are not kept any more.' : 'No line was refused.'}
              </p>
            }
            footer={
              <Pager
                path={importHref(run.id)}
                params={{ after }}
                shown={letters.length}
                nextCursor={nextCursor ?? undefined}
              />
            }
          />
        </Card>
      </div>
    </PortalPage>
  );
}
