/** Support console, billing: the month's report, what does not add up in Stripe, suspensions. Staff only; anybody else gets 404. */
import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { FilterBar } from '@/app/_ui/filter-bar';
import { PageHeader } from '@/app/_ui/page-header';
import { SupportPage } from '@/app/support/_parts/support-page';
import { ChangesTable, MonthTable } from '@/app/support/billing/_parts/month-tables';
import { ExtendTrial, SuspendedTable } from '@/app/support/billing/_parts/standing';
import { DeadEventsTable, FlagsTable } from '@/app/support/billing/_parts/stripe-tables';
import { monthInput, monthsBack, readMonthChanges, readMonthReport } from '@/lib/domains/subscriptions/reports/reports';
import { listSuspended } from '@/lib/domains/subscriptions/standing/suspended-customers';
import { listDeadEvents } from '@/lib/domains/subscriptions/sync/event-replay';
import { listFlags } from '@/lib/domains/subscriptions/sync/flags';
import { staffVisitor } from '@/lib/edge/portal/page';
import { cardData } from '@/lib/edge/portal/page-card';

export const metadata: Metadata = { title: 'Billing · Support console · Tenantry' };

const shownMonths = 24;
const monthFormat = new Intl.DateTimeFormat('en-GB', { month: 'long', year: 'numeric', timeZone: 'UTC' });
const monthWords = (month: string) => monthFormat.format(new Date(`${month}-01T00:00:00Z`));

type Search = Promise<{ month?: string | string[] }>;

export default async function BillingConsole({ searchParams }: { searchParams: Search }) {
  const staff = await staffVisitor();
  if (!staff) notFound();
  const { session, ctx } = staff;
  const now = ctx.clock();
  const [thisMonth = '', ...before] = monthsBack(now, shownMonths);
  const asked = monthInput.safeParse((await searchParams).month);
  const month = asked.success && asked.data < thisMonth ? asked.data : thisMonth;
  const [report, changes, flags, dead, suspended] = await Promise.all([
    cardData(ctx.requestId, readMonthReport(ctx, month)),
    cardData(ctx.requestId, readMonthChanges(ctx, month)),
    cardData(ctx.requestId, listFlags(ctx)),
    cardData(ctx.requestId, listDeadEvents(ctx)),
    listSuspended(ctx),
  ]);
  const options = before.map(value => ({ value, label: monthWords(value) }));
  return (
    <SupportPage email={session.person.email} isMember={session.membership !== null} current="billing">
      <PageHeader
        title="Billing"
        sentence="What each organization had, used and was invoiced; what does not add up; who is suspended."
      />
      <FlagsTable data={flags} now={now} />
      <DeadEventsTable data={dead} now={now} />
      <SuspendedTable rows={suspended} now={now} />
      <ExtendTrial />
      <FilterBar
        path="/support/billing"
        params={month === thisMonth ? {} : { month }}
        fields={[
          {
            type: 'select',
            name: 'month',
            label: 'Month',
            options: [{ value: '', label: `${monthWords(thisMonth)}, so far` }, ...options],
          },
        ]}
        keep={[]}
        resultsId="month"
      />
      <MonthTable data={report} month={month} />
      <ChangesTable data={changes} month={month} now={now} />
    </SupportPage>
  );
}
