/** Support console: which customers need help, and whether the service's own jobs run. Staff only; anybody else gets 404. */
import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { PageHeader } from '@/app/_ui/page-header';
import { ExpiredKeys, NearLimit, Trials } from '@/app/support/_parts/customer-tables';
import { JobTable } from '@/app/support/_parts/job-table';
import { LineageTable } from '@/app/support/_parts/lineage-table';
import { MessageTable } from '@/app/support/_parts/message-table';
import { SupportPage } from '@/app/support/_parts/support-page';
import { listTrialsEnding } from '@/lib/domains/customers/queries';
import { listExpiredKeys } from '@/lib/domains/keys/queries';
import { listGivenUpEvents } from '@/lib/domains/lineage/dead/given-up';
import { listFailedNotifications } from '@/lib/domains/notifications/outbox';
import { listQuotaUtilization } from '@/lib/domains/quotas/queries';
import { readCardsOnFile } from '@/lib/domains/support/cards-on-file';
import { staffVisitor } from '@/lib/edge/portal/page';
import { cardData } from '@/lib/edge/portal/page-card';
import type { Ctx } from '@/lib/kernel/ctx';
import { jobs, lastRuns } from '@/lib/kernel/jobs';

export const metadata: Metadata = { title: 'Support console · Tenantry' };

const minimumPercent = 80;
const rowsOf = async <Row,>(answer: Promise<{ rows: Row[] }>): Promise<Row[]> => (await answer).rows;

async function trialsEnding(ctx: Ctx) {
  const trials = await rowsOf(listTrialsEnding(ctx, { days: 14 }));
  const customerIds = trials.map(row => row.customer_id);
  const cards = await readCardsOnFile(ctx, customerIds);
  return trials.map(row => ({ ...row, card: cards.get(row.customer_id) ?? ('unknown' as const) }));
}

async function listedJobs() {
  const runs = await lastRuns();
  return [...jobs().values()]
    .sort((a, b) => a.name.localeCompare(b.name))
    .map(job => ({ job, run: runs.get(job.name) }));
}

export default async function SupportConsole({ searchParams }: { searchParams: Promise<{ min?: string }> }) {
  const staff = await staffVisitor();
  if (!staff) notFound();
  const { session, ctx } = staff;
  const asked = Number((await searchParams).min);
  const fromPercent = Number.isInteger(asked) && asked >= 0 && asked <= 100 && asked !== 0 ? asked : minimumPercent;
  const [near, trials, keys, messages, events, listed] = await Promise.all([
    cardData(ctx.requestId, rowsOf(listQuotaUtilization(ctx, { statuses: ['ACTIVE', 'TRIAL'] }))),
    cardData(ctx.requestId, trialsEnding(ctx)),
    cardData(ctx.requestId, rowsOf(listExpiredKeys(ctx, {}))),
    cardData(ctx.requestId, listFailedNotifications(ctx)),
    cardData(ctx.requestId, listGivenUpEvents(ctx)),
    cardData(ctx.requestId, listedJobs()),
  ]);
  const now = ctx.clock();
  return (
    <SupportPage email={session.person.email} isMember={session.membership !== null} current="customers">
      <PageHeader
        title="Customers and jobs"
        sentence="Who is near a limit, whose trial ends, which messages did not arrive, what the service does by itself."
      />
      <NearLimit data={near} minimumPercent={fromPercent} />
      <Trials data={trials} />
      <ExpiredKeys data={keys} now={now} />
      <MessageTable data={messages} now={now} />
      <LineageTable data={events} now={now} />
      <JobTable data={listed} now={now} />
    </SupportPage>
  );
}
