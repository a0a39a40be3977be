/** Entries of the log as the door writes them, and what the spool holds of them. */
import { gunzipSync } from 'node:zlib';
import { sql } from 'drizzle-orm';
import type { EntryMeta } from '@/lib/domains/events/collect/entry-meta';
import { db } from '@/lib/platform/db';
import type { NewEntry } from '@/lib/warehouse/ingest/log/log';

type Call = Record<string, unknown>;

/** A request with one call, or with a batch where `body.batch` is there. */
export function newEntry(sourceId: string, body: Call, meta: Partial<EntryMeta> = {}): NewEntry {
  const kind = Array.isArray(body.batch) ? 'batch' : ((body.type as EntryMeta['kind'] | undefined) ?? 'track');
  const whole: EntryMeta = { kind, receivedAt: new Date().toISOString(), ip: null, userAgent: null, ...meta };
  return { key: sourceId, meta: JSON.stringify(whole), body: JSON.stringify(body) };
}

/** Rows of a table that wait in the spool, in the order in which they came. */
export async function spooledRows(dataset: string, tableName: string): Promise<Call[]> {
  const { rows } = await db().execute<{ body: Buffer }>(sql`
    SELECT body FROM ingest_chunks JOIN ingest_chunk_bodies USING (chunk_id)
    WHERE dataset = ${dataset} AND table_name = ${tableName} ORDER BY created_at`);
  return rows.flatMap(({ body }) =>
    gunzipSync(body)
      .toString('utf8')
      .split('\n')
      .filter(line => line !== '')
      .map(line => JSON.parse(line) as Call),
  );
}

/** Tables of the dataset with rows in the spool. */
export async function spooledTables(dataset: string): Promise<string[]> {
  const { rows } = await db().execute<{ table_name: string }>(sql`
    SELECT DISTINCT table_name FROM ingest_chunks WHERE dataset = ${dataset} ORDER BY table_name`);
  return rows.map(({ table_name }) => table_name);
}
