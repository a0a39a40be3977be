/** Refused attempts that belong to no organization. Staff only; anybody else gets 404. */
import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { FilterBar, type FilterField } from '@/app/_ui/filter-bar';
import { CsvLink } from '@/app/_ui/link';
import { hrefWith, type ListParams, listParams } from '@/app/_ui/list-params';
import { Notice } from '@/app/_ui/notice';
import { PageHeader } from '@/app/_ui/page-header';
import { SupportPage } from '@/app/support/_parts/support-page';
import { RefusalTable } from '@/app/support/refusals/_parts/refusal-table';
import { callerWords, listRefusalsInput, refusalDays } from '@/lib/domains/audit/input';
import { listRefusals } from '@/lib/domains/audit/refusals';
import { staffVisitor } from '@/lib/edge/portal/page';
import { cardData } from '@/lib/edge/portal/page-card';

export const metadata: Metadata = { title: 'Refusals · Support console · Tenantry' };

const path = '/support/refusals';
const daysText = (days: number) => (days === 1 ? 'Last 24 hours' : `Last ${days} days`);

const fields: readonly FilterField[] = [
  {
    type: 'select',
    name: 'actor',
    label: 'Who',
    options: [
      { value: '', label: 'Anybody' },
      ...Object.entries(callerWords).map(([value, label]) => ({ value, label })),
    ],
  },
  {
    type: 'select',
    name: 'days',
    label: 'When',
    options: refusalDays.map(days => ({ value: days === 7 ? '' : String(days), label: daysText(days) })),
  },
];

type Search = Promise<Record<string, string | string[] | undefined>>;

/** The address as a filter; one that is not understood shows the default and says so. */
function parseSearch(search: Awaited<Search>) {
  const { actor, days, after } = listParams(search);
  const params: ListParams = { actor, days, after };
  const parsed = listRefusalsInput.safeParse(params);
  return parsed.success
    ? { params, filter: parsed.data, unknown: false }
    : { params: {}, filter: listRefusalsInput.parse({}), unknown: true };
}

export default async function RefusalsPage({ searchParams }: { searchParams: Search }) {
  const staff = await staffVisitor();
  if (!staff) notFound();
  const { session, ctx } = staff;
  const { params, filter, unknown } = parseSearch(await searchParams);
  const data = await cardData(ctx.requestId, listRefusals(ctx, filter));
  const csvHref = hrefWith('/api/support/refusals', params, { after: undefined });
  return (
    <SupportPage email={session.person.email} isMember={session.membership !== null} current="refusals">
      <PageHeader
        title="Refusals"
        sentence="Attempts that belong to no organization: unknown keys, strangers, service keys, staff. An organization’s own are in its audit log. Times are UTC."
        actions={<CsvLink href={csvHref} />}
      />
      <div className="flex flex-col gap-4">
        {unknown && <Notice tone="warn">A filter in the address is not known. These are the last 7 days.</Notice>}
        <FilterBar path={path} params={params} fields={fields} keep={[]} />
        <RefusalTable data={data} path={path} params={params} />
      </div>
    </SupportPage>
  );
}
