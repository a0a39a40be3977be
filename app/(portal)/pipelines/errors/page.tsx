/** Pipelines → Errors: failed runs by kind of error. Source: docs/spec/requirements.md, C-59. */
import { FilterBar, type FilterField } from '@/app/_ui/filter-bar';
import { formatPlural } from '@/app/_ui/format';
import { Notice } from '@/app/_ui/notice';
import { PageHeader } from '@/app/_ui/page-header';
import { EmptyState } from '@/app/_ui/states';
import { FreshnessNote } from '@/app/(portal)/_charts/freshness-note';
import { SectionTabs } from '@/app/(portal)/_runs/section-tabs';
import { ListError } from '@/app/(portal)/_shell/list-error';
import { PortalPage } from '@/app/(portal)/_shell/portal-page';
import { type Search, searchFilter } from '@/app/(portal)/_shell/search-filter';
import { pageTitle, timeMode } from '@/app/(portal)/_shell/visitor';
import { ErrorTable } from '@/app/(portal)/pipelines/_parts/error-table';
import {
  type ErrorKinds,
  errorDays,
  listErrorKindsInput,
  maxErrorKinds,
  readErrorKinds,
} from '@/lib/domains/runs/reads/error-kinds';
import { requireMember } from '@/lib/edge/portal/page';
import { cardData } from '@/lib/edge/portal/page-card';

export const generateMetadata = () => pageTitle('Errors');

const path = '/pipelines/errors';
const fields: readonly FilterField[] = [
  { type: 'date', name: 'from', label: 'From day' },
  { type: 'date', name: 'to', label: 'To day' },
];

export default async function ErrorsPage({ searchParams }: { searchParams: Search }) {
  const visitor = await requireMember();
  const { ctx } = visitor;
  const { params, filter, unknown } = await searchFilter(listErrorKindsInput, searchParams);
  const read = await cardData(ctx.requestId, readErrorKinds(ctx, filter));
  return (
    <PortalPage visitor={visitor} current="pipelines" crumbs={[{ label: 'Errors' }]}>
      <PageHeader
        title="Errors"
        sentence={`Failed runs by kind of error: messages that differ only in ids, numbers, times or quoted values are one. ${errorDays} days (UTC) where you name none.`}
      />
      <SectionTabs current="errors" />
      <div className="flex flex-col gap-4">
        {unknown && (
          <Notice tone="warn">A day in the address is not known. These are the last {errorDays} days.</Notice>
        )}
        <FilterBar path={path} params={params} fields={fields} keep={[]} />
        {read.ok ? (
          <Results read={read.data} now={ctx.clock()} mode={timeMode(visitor)} />
        ) : (
          <ListError noun="errors" path={path} params={params} requestId={ctx.requestId} reason={read.reason} />
        )}
      </div>
    </PortalPage>
  );
}

function Results({ read, now, mode }: { read: ErrorKinds; now: Date; mode: 'relative' | 'absolute' }) {
  const { kinds, fromDay, toDay } = read;
  const runs = kinds.reduce((sum, kind) => sum + kind.runs, 0);
  return (
    <>
      <FreshnessNote cards={[{ ok: true, data: read }]} />
      <ErrorTable
        kinds={kinds}
        period={{ from: fromDay, to: toDay }}
        now={now}
        mode={mode}
        empty={<EmptyState icon="circle-check" title="No run failed in these days." />}
      />
      {kinds.length > 0 && (
        <p className="text-table text-muted tabular-nums">
          {formatPlural(kinds.length, 'kind')}, {formatPlural(runs, 'failed run')}
          {kinds.length === maxErrorKinds && '; less frequent kinds are not shown'}
        </p>
      )}
    </>
  );
}
