/** Queries whose process is gone or could not reach BigQuery: their jobs are asked, and those of which nobody knows are LOST. */
import { and, asc, eq, gt, isNull, lt, or } from 'drizzle-orm';
import { customers } from '@/lib/domains/customers/tables';
import { deskBigQuery } from '@/lib/domains/desk/catalog/desk-bigquery';
import { lostMinutes, resultHours } from '@/lib/domains/desk/rules';
import { type OpenBigQuery, settleByJob } from '@/lib/domains/desk/run/follow-query';
import { type DeskQuery, deskQueries } from '@/lib/domains/desk/tables';
import { type Ctx, requireCustomer, systemCtx } from '@/lib/kernel/ctx';
import type { JobReport } from '@/lib/kernel/jobs';
import { BigQueryUnavailableError } from '@/lib/platform/bigquery/bigquery';
import { db } from '@/lib/platform/db';
import { log } from '@/lib/platform/log';

const minuteMs = 60_000;
/** A query that its own process runs has ended after this. */
const askedAfterMs = 2 * minuteMs;
const atOnce = 200;
const mostInVain = 3;

type Open = { query: DeskQuery; tenantDatasetId: string };

/** Queries that run for longer than they may, and those that were given up and may yet be told of. */
function openQueries(now: Date): Promise<Open[]> {
  const before = (ms: number) => new Date(now.getTime() - ms);
  const silent = and(eq(deskQueries.status, 'RUNNING'), lt(deskQueries.startedAt, before(askedAfterMs)));
  const lost = and(
    eq(deskQueries.status, 'LOST'),
    isNull(deskQueries.bytesBilled),
    gt(deskQueries.startedAt, before(resultHours * 60 * minuteMs)),
  );
  return db()
    .select({ query: deskQueries, tenantDatasetId: customers.tenantDatasetId })
    .from(deskQueries)
    .innerJoin(customers, eq(customers.customerId, deskQueries.customerId))
    .where(or(silent, lost))
    .orderBy(asc(deskQueries.startedAt))
    .limit(atOnce);
}

/** Its estimate stays counted: it may have been billed. */
async function giveUp(query: DeskQuery, now: Date): Promise<boolean> {
  if (query.status !== 'RUNNING' || now.getTime() - query.startedAt.getTime() < lostMinutes * minuteMs) return false;
  const gone = await db()
    .update(deskQueries)
    .set({ status: 'LOST', endedAt: now, errorMessage: 'Nobody knows what became of it: BigQuery could not be asked.' })
    .where(and(eq(deskQueries.queryId, query.queryId), eq(deskQueries.status, 'RUNNING')))
    .returning({ queryId: deskQueries.queryId });
  return gone.length > 0;
}

type Asked = 'settled' | 'open' | 'unavailable';

async function ask({ query, tenantDatasetId }: Open, { clock }: Ctx, open: OpenBigQuery): Promise<Asked> {
  const ctx = requireCustomer(systemCtx('desk', { customerId: query.customerId, tenantDatasetId }, clock));
  try {
    const { status } = await settleByJob(ctx, query, open);
    return status === 'COMPLETED' || status === 'FAILED' ? 'settled' : 'open';
  } catch (error) {
    log().warn({ err: error, query_id: query.queryId }, 'the job of a query could not be asked');
    return error instanceof BigQueryUnavailableError ? 'unavailable' : 'open';
  }
}

/**
 * Settles what can be settled by its job, and gives up what is silent for 15 minutes; repeatable. Where BigQuery does not
 * answer three times running, it is not asked again in this run.
 */
export async function settleLostQueries(ctx: Ctx, open: OpenBigQuery = deskBigQuery): Promise<JobReport> {
  const found = await openQueries(ctx.clock());
  const report = { open: found.length, settled: 0, lost: 0 };
  let inVain = 0;
  for (const one of found) {
    const asked: Asked = inVain < mostInVain ? await ask(one, ctx, open) : 'unavailable';
    inVain = asked === 'unavailable' ? inVain + 1 : 0;
    if (asked === 'settled') report.settled++;
    else if (await giveUp(one.query, ctx.clock())) report.lost++;
  }
  return report;
}
