/** Audit log: who did what, to which thing, when; filtered and paged by the address, and as CSV by the same filter. */
import { FilterBar } from '@/app/_ui/filter-bar';
import { CsvLink } from '@/app/_ui/link';
import { hrefWith, type ListParams } from '@/app/_ui/list-params';
import { Notice } from '@/app/_ui/notice';
import { PageHeader } from '@/app/_ui/page-header';
import { ErrorState } from '@/app/_ui/states';
import { FreshnessNote } from '@/app/(portal)/_charts/freshness-note';
import { adminsOnlyPage } from '@/app/(portal)/_shell/denied-page';
import { PortalPage } from '@/app/(portal)/_shell/portal-page';
import { type Search, searchFilter } from '@/app/(portal)/_shell/search-filter';
import { pageTitle } from '@/app/(portal)/_shell/visitor';
import { auditFields } from '@/app/(portal)/audit/_parts/audit-fields';
import { EntryTable } from '@/app/(portal)/audit/_parts/entry-table';
import { type AuditRead, readAuditPage } from '@/app/(portal)/audit/_parts/read-audit-page';
import { listEntriesInput } from '@/lib/domains/audit/input';
import { retention, shownSentence } from '@/lib/domains/audit/retention';
import { requireMember, visitorMay } from '@/lib/edge/portal/page';
import type { CardData } from '@/lib/edge/portal/page-card';

export const generateMetadata = () => pageTitle('Audit log');

export default async function AuditPage({ searchParams }: { searchParams: Search }) {
  const visitor = await requireMember();
  if (!visitorMay(visitor, 'audit:read')) return adminsOnlyPage(visitor, 'audit.list_entries', 'read the audit log');
  const { params, filter, unknown } = await searchFilter(listEntriesInput, searchParams);
  const read = await readAuditPage(visitor.ctx, filter);
  const csvHref = hrefWith('/api/audit', { ...params, format: 'csv' }, { after: undefined });
  return (
    <PortalPage visitor={visitor} current="audit">
      <PageHeader
        title="Audit log"
        sentence={`Every change and every refused attempt. ${shownSentence(retention())} Times are UTC.`}
        actions={<CsvLink href={csvHref} />}
      />
      <div className="flex flex-col gap-4">
        {unknown && <Notice tone="warn">A filter in the address is not known. These are all entries.</Notice>}
        <FilterBar
          path="/audit"
          params={params}
          fields={auditFields(read.ok ? read.data.actors : [])}
          keep={['limit']}
        />
        <Results read={read} params={params} requestId={visitor.ctx.requestId} />
      </div>
    </PortalPage>
  );
}

type ResultsProps = { read: CardData<AuditRead>; params: ListParams; requestId: string };

function Results({ read, params, requestId }: ResultsProps) {
  if (!read.ok) {
    return (
      <ErrorState
        title="Could not load the audit log."
        retryHref={hrefWith('/audit', params, {})}
        requestId={requestId}
      >
        {read.reason} Changes are recorded all the same.
      </ErrorState>
    );
  }
  return (
    <>
      <FreshnessNote cards={[read]} />
      <EntryTable entries={read.data.entries} nextCursor={read.data.nextCursor} params={params} />
    </>
  );
}
