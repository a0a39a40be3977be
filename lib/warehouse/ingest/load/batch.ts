/** What one load carries: the first rows of a table's chunks, the last chunk maybe in part. */
import type { WaitingChunk } from '@/lib/warehouse/ingest/spool/chunks';

export type Part = WaitingChunk & {
  /** The rows of the chunk that are not in the batch, which come behind those that are. */
  rest: { ndjson: string; rows: number };
};
export type Batch = { parts: Part[]; rows: number };

/** Index behind the line end of line `count`. */
function endOfLine(ndjson: string, count: number): number {
  let at = 0;
  for (let line = 0; line < count; line++) {
    const end = ndjson.indexOf('\n', at);
    if (end === -1) return ndjson.length;
    at = end + 1;
  }
  return at;
}

/** The first `count` lines and those behind them. */
export function splitLines(ndjson: string, count: number): [first: string, rest: string] {
  const end = endOfLine(ndjson, count);
  return [ndjson.slice(0, end), ndjson.slice(end)];
}

/** The first `most` rows of the chunks; all where it is null. */
export function takeRows(chunks: readonly WaitingChunk[], most: number | null): Batch {
  const parts: Part[] = [];
  let rows = 0;
  for (const chunk of chunks) {
    const free = most === null ? chunk.rows : Math.min(chunk.rows, most - rows);
    if (free <= 0) break;
    rows += free;
    const [ndjson, rest] = free === chunk.rows ? [chunk.ndjson, ''] : splitLines(chunk.ndjson, free);
    parts.push({ ...chunk, ndjson, rows: free, rest: { ndjson: rest, rows: chunk.rows - free } });
  }
  return { parts, rows };
}

/** A part as the manifest names it: `<chunk>` whole, `<chunk>#40` for its first 40 rows. */
export const partName = ({ chunkId, rows, rest }: Part): string => (rest.rows === 0 ? chunkId : `${chunkId}#${rows}`);

/** The chunk that a manifest's entry names, and how many of its first rows; null for all. */
export function namedPart(name: string): { chunkId: string; rows: number | null } {
  const [chunkId = '', rows] = name.split('#');
  return { chunkId, rows: rows === undefined ? null : Number(rows) };
}
