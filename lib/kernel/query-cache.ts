/** Rows kept by (statement, parameters, versions) for at most 5 minutes, and the last good rows for when BigQuery is down. */
import { LRUCache } from 'lru-cache';
import { metrics } from '@/lib/platform/metrics';
import { processWide } from '@/lib/platform/process-wide';

export type CachedRows = { rows: Record<string, unknown>[]; readAt: Date };

const maxRowsKept = 200_000;
const keptMs = 5 * 60_000;
const lastGoodKeptMs = 24 * 3_600_000;

const store = () =>
  processWide('query-cache', () => ({
    fresh: new LRUCache<string, CachedRows>({
      maxSize: maxRowsKept,
      sizeCalculation: entry => entry.rows.length + 1,
      ttl: keptMs,
    }),
    lastGood: new LRUCache<string, CachedRows>({
      maxSize: maxRowsKept,
      sizeCalculation: entry => entry.rows.length + 1,
      ttl: lastGoodKeptMs,
    }),
    running: new Map<string, Promise<CachedRows>>(),
  }));

/** The rows of `key`, read once however many ask at the same time. `question` is the key without versions and time. */
export async function readThrough(
  key: string,
  question: string,
  read: () => Promise<Record<string, unknown>[]>,
): Promise<CachedRows> {
  const { fresh, lastGood, running } = store();
  const kept = fresh.get(key);
  if (kept) {
    metrics().queryCache.inc({ outcome: 'hit' });
    return kept;
  }
  const underWay = running.get(key);
  if (underWay) return underWay;
  metrics().queryCache.inc({ outcome: 'miss' });
  const reading = read()
    .then(rows => {
      const entry = { rows, readAt: new Date() };
      fresh.set(key, entry);
      lastGood.set(question, entry);
      return entry;
    })
    .finally(() => running.delete(key));
  running.set(key, reading);
  return reading;
}

/** The last rows that answered this question, up to a day old. */
export const lastGoodRows = (question: string): CachedRows | undefined => store().lastGood.get(question);

/** Forgets everything; for tests. */
export function clearQueryCache(): void {
  store().fresh.clear();
  store().lastGood.clear();
}
