/** Reads of the log in Postgres. */
import { pool } from '@/lib/platform/db';
import type { Entry, LogName, Position, ReadLimits } from '@/lib/warehouse/ingest/log/log';
import { appenderName } from '@/lib/warehouse/ingest/log/shard-session';

type Row = { shard: number; position: string; appended_at: Date; key: string; meta: string; body: string };

const entryOf = (row: Row): Entry => ({
  shard: row.shard,
  position: Number(row.position),
  appendedAt: row.appended_at,
  key: row.key,
  meta: row.meta,
  body: row.body,
});

const readStatement = `
  SELECT shard, position, appended_at, key, meta, body
  FROM (
    SELECT shard, position, appended_at, key, meta, body, octet_length(meta) + octet_length(body) AS bytes,
      sum(octet_length(meta) + octet_length(body)) OVER (ORDER BY position) AS bytes_so_far
    FROM (
      SELECT shard, position, appended_at, key, meta, body FROM ingest_log
      WHERE log = $1 AND shard = $2 AND position > $3 AND appended_at >= $6
      ORDER BY position LIMIT $4
    ) AS next
  ) AS measured
  WHERE bytes_so_far <= $5 OR bytes_so_far = bytes
  ORDER BY position`;

/** From when on everything behind the position `after` was appended. */
type Since = { after: number; since: Date };

/**
 * Reads a log, and remembers how far it has read: within a shard instants never go back (shard-session.ts), so the next
 * read need not look into the hours before.
 */
export class EntryReader {
  readonly #known = new Map<number, Since[]>();

  constructor(readonly log: LogName) {}

  async read(shard: number, after: number, limits: ReadLimits): Promise<Entry[]> {
    const since = this.#known.get(shard)?.findLast(known => known.after <= after)?.since ?? '-infinity';
    const values = [this.log, shard, after, limits.entries, limits.bytes, since];
    const { rows } = await pool().query<Row>({ name: 'ingest_log_read', text: readStatement, values });
    const entries = rows.map(entryOf);
    const [first, last] = [entries[0], entries.at(-1)];
    if (first && last)
      this.#known.set(shard, [
        { after, since: first.appendedAt },
        { after: last.position, since: last.appendedAt },
      ]);
    return entries;
  }

  async shards(): Promise<number[]> {
    const text = 'SELECT shard FROM ingest_positions WHERE log = $1 AND consumer = $2 ORDER BY shard';
    const { rows } = await pool().query<{ shard: number }>(text, [this.log, appenderName]);
    return rows.map(({ shard }) => shard);
  }

  async find({ shard, position }: Position): Promise<Entry | null> {
    const text = `SELECT shard, position, appended_at, key, meta, body FROM ingest_log
      WHERE log = $1 AND shard = $2 AND position = $3`;
    const { rows } = await pool().query<Row>(text, [this.log, shard, position]);
    return rows[0] ? entryOf(rows[0]) : null;
  }
}
