/** Removes rows of traces that a customer keeps no longer; what their days came to stays. Source: docs/spec/001-ai-traces.md, Data Retention. */
import type { BigQuery } from '@google-cloud/bigquery';
import { and, asc, eq, isNotNull } from 'drizzle-orm';
import { customers } from '@/lib/domains/customers/tables';
import { traceVersions } from '@/lib/domains/traces/load/write-traces';
import { removeOldPartitions } from '@/lib/domains/traces/parquet/remove-partitions';
import { expireSql } from '@/lib/domains/traces/retention/expire-sql';
import { firstKeptDay } from '@/lib/domains/traces/retention/retention-days';
import { carryOutRun } from '@/lib/domains/traces/runs/carry-out-run';
import { beginEtlRun, noteEtlProgress } from '@/lib/domains/traces/runs/etl-runs';
import { traceSettings } from '@/lib/domains/traces/tables';
import { openSession } from '@/lib/kernel/lock-session';
import { BigQueryStatementError, bigquery, runStatement } from '@/lib/platform/bigquery/bigquery';
import { runJob } from '@/lib/platform/bigquery/bigquery-job';
import { type Clock, systemClock } from '@/lib/platform/clock';
import { db } from '@/lib/platform/db';
import { newId } from '@/lib/platform/ids';
import { log } from '@/lib/platform/log';
import { tableKey } from '@/lib/warehouse/ingest/spool/new-chunk';
import { raiseTableVersions } from '@/lib/warehouse/ingest/table-versions';

/** Days with rows that one statement takes; the service changes at most 10,000 partitions by one. */
const daysAtOnce = 31;
/** Statements a customer and night: a first expiry of years takes some nights. */
const statementsAtOnce = 24;
const statementMs = 300_000;

type Keeper = { customerId: string; dataset: string; keepDays: number };
type Deps = { client: BigQuery; clock: Clock };
type Old = { first: string; last: string; rows: number };

const keepers = async (customerId?: string): Promise<Keeper[]> => {
  const rows = await db()
    .select({ customerId: customers.customerId, dataset: customers.tenantDatasetId, keepDays: traceSettings.keepDays })
    .from(traceSettings)
    .innerJoin(customers, eq(customers.customerId, traceSettings.customerId))
    .where(and(isNotNull(traceSettings.keepDays), customerId ? eq(customers.customerId, customerId) : undefined))
    .orderBy(asc(customers.customerId));
  return rows.flatMap(row => (row.keepDays === null ? [] : [{ ...row, keepDays: row.keepDays }]));
};

/** The oldest days with rows before `before`, as many as one statement takes; null where there are none. */
async function oldDays({ client }: Deps, { dataset, customerId }: Keeper, before: string): Promise<Old | null> {
  const sql = `SELECT event_date, COUNT(*) AS row_count FROM \`${dataset}.sessions\`
    WHERE event_date < @before GROUP BY event_date ORDER BY event_date LIMIT ${daysAtOnce}`;
  const parameters = { before: { type: 'DATE', value: before } } as const;
  const question = { name: 'traces/old-days', sql, parameters, labels: { customer: customerId } };
  const { rows } = await runStatement(question, client).catch((error: unknown) => {
    // A customer that set a limit and never sent anything has no table.
    if (error instanceof BigQueryStatementError && ['notFound', '404'].includes(error.reason)) return { rows: [] };
    throw error;
  });
  const days = rows.map(row => String(row.event_date));
  const [first, last] = [days[0], days.at(-1)];
  if (!first || !last) return null;
  return { first, last, rows: rows.reduce((sum, row) => sum + Number(row.row_count), 0) };
}

/** Takes the days out, one statement at a time, and notes each; answers how many rows went. */
async function expireDays(deps: Deps, keeper: Keeper, before: string, found: Old): Promise<number> {
  const { customerId, dataset, keepDays } = keeper;
  const { clock, client } = deps;
  const source = `rows before ${before}`;
  const details = { source, keep_days: keepDays };
  const run = await db().transaction(tx => beginEtlRun(tx, { customerId, job: 'expire-traces', details, at: clock() }));
  return carryOutRun(run.id, { clock }, async () => {
    let rows = 0;
    let old: Old | null = found;
    for (let left = statementsAtOnce; old && left > 0; left--) {
      const sql = expireSql(dataset, old.first, old.last);
      const labels = { customer: customerId };
      await runJob({ jobId: newId('expire'), name: 'traces/expire', sql, labels, timeoutMs: statementMs }, client);
      rows += old.rows;
      const progress = { rows: old.rows, refused: 0, assumedTimes: 0 };
      await db().transaction(async tx => {
        await noteEtlProgress(tx, run.id, progress, { at: clock() });
        await raiseTableVersions(tx, [...traceVersions, 'tenant.ai_usage_days'], customerId);
      });
      old = await oldDays(deps, keeper, before);
    }
    await removeOldPartitions(dataset, before);
    return rows;
  });
}

/** As the only writer of the customer's `sessions`; null where a load or an import is at it, until the next night. */
async function expireOne(deps: Deps, keeper: Keeper): Promise<number | null> {
  const before = firstKeptDay(keeper.keepDays, deps.clock());
  const session = await openSession('ingestTable');
  const key = tableKey({ dataset: keeper.dataset, tableName: 'sessions' });
  try {
    if (!(await session.tryLock(key))) return null;
    const found = await oldDays(deps, keeper, before);
    return found ? await expireDays(deps, keeper, before, found) : 0;
  } finally {
    await session.close();
  }
}

export type ExpiryReport = { customers: number; rows: number; busy: number; failed: number };

/** Removes what customers keep no longer, of one or of all that set a limit. Repeatable after being cut off anywhere. */
export async function expireTraces({
  clock = systemClock,
  client = bigquery(),
  customerId,
}: Partial<Deps> & { customerId?: string } = {}): Promise<ExpiryReport> {
  const report = { customers: 0, rows: 0, busy: 0, failed: 0 };
  for (const keeper of await keepers(customerId)) {
    try {
      const rows = await expireOne({ clock, client }, keeper);
      if (rows === null) report.busy++;
      else {
        report.rows += rows;
        if (rows > 0) report.customers++;
      }
    } catch (error) {
      report.failed++;
      log().error({ err: error, customer: keeper.customerId }, 'traces could not be expired');
    }
  }
  return report;
}
