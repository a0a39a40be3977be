/** Rows of `ingest_log` in the binary format of Postgres' COPY: no sign needs escaping, so a body is written as it is. */
import type { NewEntry } from '@/lib/warehouse/ingest/log/log';

/** Bytes of an entry's three texts. */
export type EntrySizes = { key: number; meta: number; body: number };

/** An entry with its place, ready to be written. */
export type PlacedEntry = { entry: NewEntry; sizes: EntrySizes; position: number };

/** The columns in the order in which `copyRows` writes them. */
export const copyStatement =
  'COPY ingest_log (log, shard, position, appended_at, key, meta, body) FROM STDIN (FORMAT binary)';

const columns = 7;
const signature = Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1');
const headerBytes = signature.length + 8;
/** Two for the count of columns, four for each length, and the values of fixed size. */
const fixedBytes = 2 + columns * 4 + 2 + 8 + 8;
const trailerBytes = 2;
const postgresEpochMs = Date.UTC(2000, 0, 1);

/** Sizes of an entry's texts as UTF-8. */
export const sizesOf = ({ key, meta, body }: NewEntry): EntrySizes => ({
  key: Buffer.byteLength(key),
  meta: Buffer.byteLength(meta),
  body: Buffer.byteLength(body),
});

/** The whole of what a COPY sends. */
export function copyRows(log: string, shard: number, appendedAt: Date, rows: readonly PlacedEntry[]): Buffer {
  const logBytes = Buffer.byteLength(log);
  const texts = rows.reduce((sum, { sizes }) => sum + logBytes + sizes.key + sizes.meta + sizes.body, 0);
  const buffer = Buffer.allocUnsafe(headerBytes + rows.length * fixedBytes + texts + trailerBytes);
  const appendedAtMicros = BigInt(appendedAt.getTime() - postgresEpochMs) * 1_000n;
  signature.copy(buffer);
  buffer.writeInt32BE(0, signature.length);
  let at = buffer.writeInt32BE(0, signature.length + 4);
  const text = (value: string, bytes: number) => {
    at = buffer.writeInt32BE(bytes, at);
    at += buffer.write(value, at, 'utf8');
  };
  for (const { entry, sizes, position } of rows) {
    at = buffer.writeInt16BE(columns, at);
    text(log, logBytes);
    at = buffer.writeInt16BE(shard, buffer.writeInt32BE(2, at));
    at = buffer.writeBigInt64BE(BigInt(position), buffer.writeInt32BE(8, at));
    at = buffer.writeBigInt64BE(appendedAtMicros, buffer.writeInt32BE(8, at));
    text(entry.key, sizes.key);
    text(entry.meta, sizes.meta);
    text(entry.body, sizes.body);
  }
  buffer.writeInt16BE(-1, at);
  return buffer;
}
