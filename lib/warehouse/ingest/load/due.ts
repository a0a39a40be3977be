/** Which of the tables that wait are loaded now, and how many of them at once. */
import type { LoadLimits } from '@/lib/warehouse/ingest/load/deps';
import type { WaitingTable } from '@/lib/warehouse/ingest/spool/chunks';

/** A batch that is full gains nothing by waiting, but the service takes 1,500 loads a table and day: so often on average. */
const fullEverySeconds = 15;

/** How late the table is: 1 and more is due, and who is later goes first. */
export function lateness(
  table: Pick<WaitingTable, 'blockedUntil' | 'oldestAt' | 'lastLoadedAt' | 'rows' | 'bytes'>,
  now: Date,
  intervalSeconds: number,
  limits: Pick<LoadLimits, 'rows' | 'bytes' | 'intervalSeconds'>,
): number {
  if (table.blockedUntil && table.blockedUntil > now) return 0;
  const age = (now.getTime() - table.oldestAt.getTime()) / 1_000;
  const isFull = table.rows >= limits.rows || table.bytes >= limits.bytes;
  const sinceLast = table.lastLoadedAt ? (now.getTime() - table.lastLoadedAt.getTime()) / 1_000 : Number.MAX_VALUE;
  if (isFull && sinceLast >= Math.min(fullEverySeconds, limits.intervalSeconds))
    return Math.max(1, age / Math.min(fullEverySeconds, intervalSeconds));
  return age / intervalSeconds;
}

/** The rate by which a table's interval is chosen: one that has been still for hours is quieter than it was. */
export function currentRate(
  { rowsPerHour, lastLoadedAt }: { rowsPerHour: number; lastLoadedAt: Date | null },
  now: Date,
): number {
  const hours = lastLoadedAt ? (now.getTime() - lastLoadedAt.getTime()) / 3_600_000 : 0;
  return rowsPerHour / Math.max(1, hours);
}

/** Hours over which a table's rate is averaged; the first rows of a table are taken for those of so long, or a burst would count as a stream. */
const rateHours = 0.5;
/** Largest that its column holds, roundly. */
const mostPerHour = 2_000_000_000;

/** The rate of a table after a load of `rows`: it follows what came since the last load, the more the longer that is. */
export function rateAfter(
  known: { rowsPerHour: number; lastLoadedAt: Date | null; firstSeenAt: Date },
  rows: number,
  now: Date,
): number {
  const since = known.lastLoadedAt ?? known.firstSeenAt;
  const hours = Math.max((now.getTime() - since.getTime()) / 3_600_000, known.lastLoadedAt ? 1e-6 : rateHours);
  const weight = known.lastLoadedAt ? 1 - Math.exp(-hours / rateHours) : 1;
  const rate = known.rowsPerHour + (rows / hours - known.rowsPerHour) * weight;
  return Math.round(Math.min(mostPerHour, Math.max(0, rate)));
}

/** Bytes of text that a batch of the table holds in memory, each of them several times on its way. */
export const batchBytes = ({ bytes }: Pick<WaitingTable, 'bytes'>, limits: Pick<LoadLimits, 'bytes'>): number =>
  Math.min(bytes, limits.bytes);

/**
 * How many of `next`, from the first on, begin beside batches of `underWay` bytes: as many tables as are loaded at once, and
 * no more text, so that memory does not follow what waits. Who is first waits for room rather than being passed by smaller ones.
 */
export function roomFor(
  next: readonly Pick<WaitingTable, 'bytes'>[],
  underWay: readonly number[],
  limits: Pick<LoadLimits, 'bytes' | 'bytesAtOnce' | 'tablesAtOnce'>,
): number {
  let tables = underWay.length;
  let bytes = underWay.reduce((sum, held) => sum + held, 0);
  const began = next.findIndex(table => {
    bytes += batchBytes(table, limits);
    tables += 1;
    return tables > limits.tablesAtOnce || (tables > 1 && bytes > limits.bytesAtOnce);
  });
  return began === -1 ? next.length : began;
}
