/** Requests to AI models for tests of what is read of them: rows as the loader leaves them in the customer's dataset. */
import { traceRow } from '@/dev/testing/traces/rows';
import type { World } from '@/dev/testing/world';
import { etlRunsMirror } from '@/lib/domains/traces/mirror';
import type { PricedRow } from '@/lib/domains/traces/normalize/trace-row';
import { documentCostUsd } from '@/lib/domains/traces/rules';
import { etlRuns, traceDeadLetters } from '@/lib/domains/traces/tables';
import { enqueue } from '@/lib/kernel/outbox';
import { bigquery } from '@/lib/platform/bigquery/bigquery';
import { runLoadJob } from '@/lib/platform/bigquery/load-job';
import { db } from '@/lib/platform/db';
import { env } from '@/lib/platform/env';
import { newId, randomText } from '@/lib/platform/ids';
import { raiseTableVersions } from '@/lib/warehouse/ingest/table-versions';
import { ingestDeadRows, ingestTables } from '@/lib/warehouse/ingest/tables';
import { type AiUsageDaysRow, tables } from '@/lib/warehouse/rows/metadata';
import { ensureTenantDataset } from '@/lib/warehouse/schemas/apply';

type ImportOptions = { source?: string; refused?: readonly string[] };
type Target = Pick<World, 'customerId' | 'tenantDatasetId'>;

/** A request of gpt-4o by Mia, changed as told; costs follow its tokens unless they are given. */
export function requestRow({ at, ...change }: Partial<PricedRow> & { at: Date }): PricedRow {
  const row = traceRow({
    developer_id: 'mia@example.com',
    timestamp: at.toISOString(),
    model: 'openai/gpt-4o',
    tokens_in: 1_000,
    tokens_out: 200,
    latency_ms: 1_200,
    event_date: at.toISOString().slice(0, 10),
    source: 'litellm',
    provider: 'openai',
    operation: 'chat',
    received_at: at.toISOString(),
    book_cost_usd: 0.01,
    price_id: 'price_test',
    ...change,
  });
  return {
    ...row,
    total_tokens: row.tokens_in + row.tokens_out,
    cost_usd: change.cost_usd ?? documentCostUsd(row.model, row.tokens_in, row.tokens_out),
  };
}

type KeyedTable = 'sessions' | 'session_details' | 'ai_usage_days';

async function load(dataset: string, table: KeyedTable, rows: readonly object[]): Promise<void> {
  const columns = tables[table].columns;
  const fields = Object.entries(columns).map(([name, { type }]) => ({ name, type }));
  const kept = (row: object) =>
    Object.fromEntries(Object.entries(row).filter(([name]) => Object.hasOwn(columns, name)));
  const ndjson = rows.map(row => `${JSON.stringify(kept(row))}\n`).join('');
  await runLoadJob({ jobId: `test_${randomText(16)}`, dataset, table, fields, ndjson }, bigquery());
}

async function added({ customerId, tenantDatasetId }: Target, rows: Partial<Record<KeyedTable, readonly object[]>>) {
  await ensureTenantDataset(bigquery(), tenantDatasetId, env().BIGQUERY_LOCATION);
  for (const [table, of] of Object.entries(rows)) await load(tenantDatasetId, table as KeyedTable, of);
  const names = Object.keys(rows).map(table => `tenant.${table}`);
  await db().transaction(tx => raiseTableVersions(tx, names, customerId));
}

/** Puts the rows into the customer's sessions and their details. */
export async function insertTraces(target: Target, rows: readonly PricedRow[]): Promise<void> {
  const loaded = rows.map((row, index) => ({ id: index + 1, ...row, loaded_at: row.received_at }));
  await added(target, { sessions: loaded, session_details: loaded });
}

/** Puts aggregates of days that retention removed into the customer's ai_usage_days. */
export const insertUsageDays = (target: Target, rows: readonly AiUsageDaysRow[]): Promise<void> =>
  added(target, { ai_usage_days: rows });

/** An import of the customer that has ended; each of `refused` is the content of a line that it refused. */
export async function insertImport(
  { customerId }: Pick<World, 'customerId'>,
  { source = 'traces.jsonl', refused = [], ...change }: Partial<typeof etlRuns.$inferInsert> & ImportOptions = {},
): Promise<number> {
  const at = new Date();
  const values = {
    customerId,
    job: 'ingest-traces' as const,
    state: 'COMPLETED' as const,
    startedAt: at,
    finishedAt: at,
    refusedCount: refused.length,
    details: { source },
    ...change,
  };
  const etlRunId = await db().transaction(async tx => {
    const [run] = await tx.insert(etlRuns).values(values).returning();
    if (!run) throw new Error('the import was not stored');
    await enqueue(tx, [etlRunsMirror.ref(run)]);
    return run.id;
  });
  const letter = { customerId, etlRunId, code: 'negative', field: 'tokens_in', failedAt: at };
  const rows = refused.map((content, index) => ({ ...letter, deadLetterId: newId('dl'), line: index + 1, content }));
  if (rows.length > 0) await db().insert(traceDeadLetters).values(rows);
  return etlRunId;
}

/** A request of the customer that was taken and that BigQuery refused; answers the id of what was set aside. */
export async function insertTraceDeadRow(
  { customerId, tenantDatasetId: dataset }: Target,
  error: string,
  row: PricedRow = requestRow({ at: new Date() }),
  failedAt = new Date(),
): Promise<string> {
  const deadRowId = newId('dead');
  const table = { dataset, tableName: 'sessions' };
  await db()
    .insert(ingestTables)
    .values({ ...table, log: 'traces', customerId, mode: 'keyed' })
    .onConflictDoNothing();
  await db()
    .insert(ingestDeadRows)
    .values({ ...table, deadRowId, rowId: '', row: JSON.stringify(row), error, loadId: newId('load'), failedAt });
  return deadRowId;
}
