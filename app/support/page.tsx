/** Support console: which customers need help, and whether the service's own jobs run. Staff only; anybody else gets 404. */
import '@/lib/edge/jobs';
import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { PageHeader } from '@/app/_ui/page-header';
import { ExpiredKeys, NearLimit, Trials } from '@/app/support/_parts/customer-tables';
import { JobTable } from '@/app/support/_parts/job-table';
import { SupportPage } from '@/app/support/_parts/support-page';
import { listExpiredKeys } from '@/lib/domains/api-keys/queries';
import { listTrialsEnding } from '@/lib/domains/customers/queries';
import { listQuotaUtilization } from '@/lib/domains/quotas/queries';
import { staffVisitor } from '@/lib/edge/page';
import { cardData } from '@/lib/edge/page-card';
import { jobs, lastRuns } from '@/lib/kernel/jobs';

export const metadata: Metadata = { title: 'Support console · Tenantry' };

const minimumPercent = 80;
const rowsOf = async <Row,>(answer: Promise<{ rows: Row[] }>): Promise<Row[]> => (await answer).rows;

export default async function SupportConsole({ searchParams }: { searchParams: Promise<{ min?: string }> }) {
  const staff = await staffVisitor();
  if (!staff) notFound();
  const { session, ctx } = staff;
  const asked = Number((await searchParams).min);
  const fromPercent = Number.isInteger(asked) && asked >= 0 && asked <= 100 && asked !== 0 ? asked : minimumPercent;
  const [near, trials, keys, runs] = await Promise.all([
    cardData(ctx.requestId, rowsOf(listQuotaUtilization(ctx, { statuses: ['ACTIVE', 'TRIAL'] }))),
    cardData(ctx.requestId, rowsOf(listTrialsEnding(ctx, { days: 14 }))),
    cardData(ctx.requestId, rowsOf(listExpiredKeys(ctx, {}))),
    lastRuns(),
  ]);
  const listed = [...jobs().values()]
    .sort((a, b) => a.name.localeCompare(b.name))
    .map(job => ({ job, run: runs.get(job.name) }));
  const now = ctx.clock();
  return (
    <SupportPage email={session.person.email} isMember={session.membership !== null} current="customers">
      <PageHeader
        title="Customers and jobs"
        sentence="Who is near a limit, whose trial ends, what the service does by itself."
      />
      <NearLimit data={near} minimumPercent={fromPercent} />
      <Trials data={trials} />
      <ExpiredKeys data={keys} now={now} />
      <JobTable jobs={listed} now={now} />
    </SupportPage>
  );
}
