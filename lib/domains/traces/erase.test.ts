/** When an organization ends, nothing of its traces is left: log, rows on their way, refused lines, runs, Parquet files; others' stay. */
import { mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { createWorld, type World } from '@/dev/testing/world';
import { requestDeletion } from '@/lib/domains/organizations/deletion';
import { eraseDueCustomers } from '@/lib/domains/organizations/erasure';
import { datasetFolder } from '@/lib/domains/traces/parquet/partition';
import { recordDeadLetters } from '@/lib/domains/traces/runs/dead-letters';
import { beginEtlRun } from '@/lib/domains/traces/runs/etl-runs';
import { traceOwners } from '@/lib/domains/traces/tables';
import { db } from '@/lib/platform/db';
import { newId } from '@/lib/platform/ids';
import { writeChunks } from '@/lib/warehouse/ingest/spool/write-chunks';
import { ingestLog } from '@/lib/warehouse/ingest/tables';

const at = new Date();

async function leaveTraces({ customerId, tenantDatasetId: dataset }: World): Promise<void> {
  const shard = Math.floor(Math.random() * 30_000);
  await db().insert(ingestLog).values({ log: 'traces', shard, position: 1, key: customerId, meta: '{}', body: '' });
  const of = { log: 'traces', dataset, tableName: 'sessions', customerId, mode: 'keyed' } as const;
  await db().transaction(async tx => {
    await writeChunks(tx, [{ ...of, chunkId: newId('chk'), columns: {}, ndjson: '{}\n', rows: 1 }]);
    const { id } = await beginEtlRun(tx, { customerId, job: 'ingest-traces', details: { source: 'x.jsonl' }, at });
    const letters = [{ line: 1, code: 'not_json', field: '', content: '{' }];
    await recordDeadLetters(tx, { customerId, etlRunId: id, letters, at });
  });
  await db()
    .insert(traceOwners)
    .values({ customerId, traceId: 'a'.repeat(32), sessionId: 's', toldAt: at });
  const folder = join(datasetFolder(dataset), 'repo=__none__', 'date=2026-03-01');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'traces.parquet'), 'PAR1');
}

async function leftOf({ customerId, tenantDatasetId: dataset }: World): Promise<Record<string, number | boolean>> {
  const { rows } = await db().execute<Record<string, number>>(sql`
    SELECT (SELECT count(*)::int FROM ingest_log WHERE key = ${customerId}) AS log,
      (SELECT count(*)::int FROM ingest_chunks WHERE dataset = ${dataset}) AS chunks,
      (SELECT count(*)::int FROM ingest_tables WHERE dataset = ${dataset}) AS tables,
      (SELECT count(*)::int FROM etl_runs WHERE customer_id = ${customerId}) AS runs,
      (SELECT count(*)::int FROM trace_dead_letters WHERE customer_id = ${customerId}) AS letters,
      (SELECT count(*)::int FROM trace_owners WHERE customer_id = ${customerId}) AS owners`);
  const files = await stat(datasetFolder(dataset)).then(
    () => true,
    () => false,
  );
  return { ...rows[0], files };
}

test('an erased organization leaves no traces, and others keep theirs', async () => {
  const [ended, other] = [await createWorld(), await createWorld()];
  await leaveTraces(ended);
  await leaveTraces(other);
  await requestDeletion(ended.as('OWNER'), { confirm: ended.customer.companyName });
  const clock = () => new Date(Date.now() + 30.01 * 86_400_000);
  expect(await eraseDueCustomers({ clock, customerId: ended.customerId })).toMatchObject({ erased: 1, failed: 0 });
  expect(await leftOf(ended)).toEqual({ log: 0, chunks: 0, tables: 0, runs: 0, letters: 0, owners: 0, files: false });
  expect(await leftOf(other)).toEqual({ log: 1, chunks: 1, tables: 1, runs: 1, letters: 1, owners: 1, files: true });
});
