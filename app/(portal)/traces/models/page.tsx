/** AI usage → Models: what each cost, how much came from a cache, how fast it was and how often it failed. */
import { FilterBar } from '@/app/_ui/filter-bar';
import { CsvLink } from '@/app/_ui/link';
import { hrefWith } from '@/app/_ui/list-params';
import { Notice } from '@/app/_ui/notice';
import { PageHeader } from '@/app/_ui/page-header';
import { FreshnessNote } from '@/app/(portal)/_charts/freshness-note';
import { ListError } from '@/app/(portal)/_shell/list-error';
import { PortalPage } from '@/app/(portal)/_shell/portal-page';
import { type Search, searchFilter } from '@/app/(portal)/_shell/search-filter';
import { pageTitle } from '@/app/(portal)/_shell/visitor';
import { bookPriceSays, documentPriceSays } from '@/app/(portal)/traces/_parts/cost-words';
import { KeptSince } from '@/app/(portal)/traces/_parts/kept-since';
import { ModelTable } from '@/app/(portal)/traces/_parts/model-table';
import { NoMatch } from '@/app/(portal)/traces/_parts/no-match';
import { TracesTabs } from '@/app/(portal)/traces/_parts/traces-tabs';
import { dayFields, nameFields } from '@/app/(portal)/traces/_parts/usage-fields';
import { listModels, modelsInput } from '@/lib/domains/traces/models/models';
import { listUsageNames } from '@/lib/domains/traces/usage/usage';
import { usageDays } from '@/lib/domains/traces/usage/usage-filter';
import { requireMember } from '@/lib/edge/portal/page';
import { cardData } from '@/lib/edge/portal/page-card';

export const generateMetadata = () => pageTitle('AI models');

const path = '/traces/models';

export default async function ModelsPage({ searchParams }: { searchParams: Search }) {
  const visitor = await requireMember();
  const { ctx } = visitor;
  const { params, filter, unknown } = await searchFilter(modelsInput, searchParams);
  const [read, names] = await Promise.all([
    cardData(ctx.requestId, listModels(ctx, filter)),
    cardData(ctx.requestId, listUsageNames(ctx, usageDays(ctx, filter))),
  ]);
  return (
    <PortalPage visitor={visitor} current="traces" crumbs={[{ label: 'Models' }]}>
      <PageHeader
        title="Models"
        sentence="What each model cost, how much of its input came from a cache, how fast it was and how often it failed."
        actions={<CsvLink href={hrefWith('/api/traces/models', { ...params, format: 'csv' }, {})} />}
      />
      <TracesTabs current="models" />
      <div className="flex flex-col gap-4">
        {unknown && <Notice tone="warn">A filter in the address is not known. These are the last 30 days.</Notice>}
        <FilterBar
          path={path}
          params={params}
          fields={[...nameFields(['developer', 'repository'], names.ok ? names.data.rows : [], params), ...dayFields]}
          keep={[]}
        />
        <KeptSince visitor={visitor} days={usageDays(ctx, filter)}>
          Latency is that of these requests; the other figures are of all days.
        </KeptSince>
        {read.ok ? (
          <>
            <FreshnessNote cards={[read]} />
            <ModelTable
              models={read.data.rows}
              params={params}
              empty={<NoMatch noun="requests" path={path} isFiltered={Object.values(params).some(Boolean)} />}
            />
            <p className="max-w-prose text-table text-muted">
              {bookPriceSays} {documentPriceSays} Prices in and out are dollars per million tokens. p50 and p95 are the
              latency of requests that succeeded.
            </p>
          </>
        ) : (
          <ListError noun="models" path={path} params={params} requestId={ctx.requestId} reason={read.reason} />
        )}
      </div>
    </PortalPage>
  );
}
