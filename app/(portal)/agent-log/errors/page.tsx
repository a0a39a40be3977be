/** Agent log → Errors: what tools and agents failed at, like messages as one, the most frequent first. */
import { FilterBar } from '@/app/_ui/filter-bar';
import { CsvLink } from '@/app/_ui/link';
import { hrefWith } from '@/app/_ui/list-params';
import { Notice } from '@/app/_ui/notice';
import { PageHeader } from '@/app/_ui/page-header';
import { FreshnessNote } from '@/app/(portal)/_charts/freshness-note';
import { ListError } from '@/app/(portal)/_shell/list-error';
import { PortalPage } from '@/app/(portal)/_shell/portal-page';
import { type Search, searchFilter } from '@/app/(portal)/_shell/search-filter';
import { pageTitle, timeMode } from '@/app/(portal)/_shell/visitor';
import { AgentLogTabs } from '@/app/(portal)/agent-log/_parts/agent-log-tabs';
import { ErrorTable } from '@/app/(portal)/agent-log/_parts/error-table';
import { dayFields, toolField } from '@/app/(portal)/agent-log/_parts/log-fields';
import { NoMatch } from '@/app/(portal)/agent-log/_parts/no-match';
import { listErrors, listErrorsInput } from '@/lib/domains/agent-log/errors/errors';
import { listToolNames } from '@/lib/domains/agent-log/tools/tools';
import { requireMember } from '@/lib/edge/portal/page';
import { cardData } from '@/lib/edge/portal/page-card';

export const generateMetadata = () => pageTitle('Agent errors');

const path = '/agent-log/errors';

export default async function ErrorsPage({ searchParams }: { searchParams: Search }) {
  const visitor = await requireMember();
  const { ctx } = visitor;
  const { params, filter, unknown } = await searchFilter(listErrorsInput, searchParams);
  const [read, names] = await Promise.all([
    cardData(ctx.requestId, listErrors(ctx, filter)),
    cardData(ctx.requestId, listToolNames(ctx, filter)),
  ]);
  return (
    <PortalPage visitor={visitor} current="agents" crumbs={[{ label: 'Errors' }]}>
      <PageHeader
        title="Errors"
        sentence="What tools and agents failed at, the most frequent first. Messages that differ only in numbers, ids and quoted names are one."
        actions={<CsvLink href={hrefWith('/api/agent-log/errors', { ...params, format: 'csv' }, {})} />}
      />
      <AgentLogTabs current="errors" />
      <div className="flex flex-col gap-4">
        {unknown && <Notice tone="warn">A filter in the address is not known. These are all errors.</Notice>}
        <FilterBar
          path={path}
          params={params}
          fields={[toolField(names.ok ? names.data : [], params.tool), ...dayFields]}
          keep={[]}
        />
        {read.ok ? (
          <>
            <FreshnessNote cards={[read]} />
            <ErrorTable
              errors={read.data.errors}
              params={params}
              now={ctx.clock()}
              mode={timeMode(visitor)}
              empty={<NoMatch noun="errors" path={path} isFiltered={Object.values(params).some(Boolean)} />}
            />
          </>
        ) : (
          <ListError noun="errors" path={path} params={params} requestId={ctx.requestId} reason={read.reason} />
        )}
      </div>
    </PortalPage>
  );
}
