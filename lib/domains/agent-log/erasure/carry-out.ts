/** Carries out the erasure of a user, step by step; cut off anywhere, a later run goes on. */
import { and, asc, eq } from 'drizzle-orm';
import { beginErasure } from '@/lib/domains/agent-log/erasure/begin-erasure';
import { countErasedSql, eraseSql } from '@/lib/domains/agent-log/erasure/erase-sql';
import { bringRows, hasArrived, stripSetAside } from '@/lib/domains/agent-log/erasure/own-rows';
import { eventVersions } from '@/lib/domains/agent-log/ingest';
import { type AgentLogErasure, agentLogErasures, agentLogUsers } from '@/lib/domains/agent-log/tables';
import { logRows } from '@/lib/domains/agent-log/verify/read-log';
import { tenantDatasetOf } from '@/lib/domains/customers/datasets';
import { forgetTracesOf } from '@/lib/domains/traces/collect/forget-owners';
import { takeLocks } from '@/lib/kernel/locks';
import { runJob } from '@/lib/platform/bigquery/bigquery-job';
import { type Clock, systemClock } from '@/lib/platform/clock';
import { db } from '@/lib/platform/db';
import { newId } from '@/lib/platform/ids';
import { log } from '@/lib/platform/log';
import { agentDatasetOf, logsBigQuery } from '@/lib/warehouse/agent-dataset';
import { raiseTableVersions } from '@/lib/warehouse/ingest/table-versions';

const statementMs = 600_000;
/** The statement reads the whole log; a cap so high stops only what is wrong. */
const maximumBytesBilled = 1024 ** 4;

type Begun = AgentLogErasure & { userId: string; sequence: number };

/** Takes the content out of BigQuery; answers how many events it was of. */
async function eraseContent({ customerId, userId, userRef }: Begun, tenantDatasetId: string): Promise<number> {
  const text = (value: string) => ({ type: 'STRING', value }) as const;
  await runJob(
    {
      jobId: newId('erase'),
      name: 'agent-log/erase-user',
      sql: eraseSql(tenantDatasetId),
      parameters: { user_id: text(userId), user_ref: text(userRef) },
      labels: { customer: customerId },
      timeoutMs: statementMs,
      maximumBytesBilled,
    },
    logsBigQuery(),
  );
  const sql = countErasedSql(tenantDatasetId);
  const parameters = { user_ref: text(userRef) };
  const [row] = await logRows({ customerId, tenantDatasetId }, { name: 'agent-log/count-erased', sql, parameters });
  return Number(row?.event_count ?? 0);
}

/** Forgets the user's salt, which traces were theirs, and on the erasure's record who it was. */
async function forgetUser(
  { erasureId, customerId, userId, userRef }: Begun,
  events: number,
  doneAt: Date,
): Promise<void> {
  await db().transaction(async tx => {
    await takeLocks(tx, 'agentLog', [customerId]);
    await tx
      .delete(agentLogUsers)
      .where(and(eq(agentLogUsers.customerId, customerId), eq(agentLogUsers.userRef, userRef)));
    await forgetTracesOf(tx, customerId, userId);
    await tx
      .update(agentLogErasures)
      .set({ state: 'DONE', userId: null, events, doneAt })
      .where(eq(agentLogErasures.erasureId, erasureId));
    await raiseTableVersions(tx, eventVersions, customerId);
  });
}

/** False where rows of this user are still on their way. Throws BigQueryStatementError, BigQueryUnavailableError. */
async function carryOut(erasure: AgentLogErasure, clock: Clock): Promise<boolean> {
  const tenantDatasetId = await tenantDatasetOf(erasure.customerId);
  // Gone with its customer since the list was read.
  if (tenantDatasetId === null) return true;
  const place = { customerId: erasure.customerId, tenantDatasetId };
  const begun = await beginErasure(erasure, agentDatasetOf(tenantDatasetId), clock());
  if (begun?.userId == null || begun.sequence === null) return begun !== null;
  const { userId, sequence, userRef } = begun;
  await bringRows(place);
  if (!(await hasArrived(place, { userId, sequence, userRef }))) return false;
  const events = await eraseContent({ ...begun, userId, sequence }, tenantDatasetId);
  await stripSetAside(place, { userId, userRef });
  await forgetUser({ ...begun, userId, sequence }, events, clock());
  return true;
}

export type ErasuresReport = { done: number; waiting: number; failed: number };

/** Carries out every erasure that was asked for, of one customer or of all. Repeatable after being cut off anywhere. */
export async function eraseUsers({
  clock = systemClock,
  customerId,
}: {
  clock?: Clock;
  customerId?: string;
} = {}): Promise<ErasuresReport> {
  const report = { done: 0, waiting: 0, failed: 0 };
  const open = await db()
    .select()
    .from(agentLogErasures)
    .where(
      and(
        eq(agentLogErasures.state, 'REQUESTED'),
        customerId ? eq(agentLogErasures.customerId, customerId) : undefined,
      ),
    )
    .orderBy(asc(agentLogErasures.requestedAt));
  for (const erasure of open) {
    try {
      if (await carryOut(erasure, clock)) report.done++;
      else report.waiting++;
    } catch (error) {
      report.failed++;
      log().error({ err: error, customer: erasure.customerId, erasure: erasure.erasureId }, 'a user is not erased yet');
    }
  }
  return report;
}
