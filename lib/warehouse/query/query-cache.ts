/** Rows kept by (statement, parameters, versions) for at most 5 minutes, and the last good rows for when BigQuery is down. */
import { LRUCache } from 'lru-cache';
import { metrics } from '@/lib/platform/metrics';
import { processWide } from '@/lib/platform/process-wide';

export type CachedRows = { rows: Record<string, unknown>[]; readAt: Date };

/** Of each of the two, with their keys; rows may hold 32 KiB of a caller's JSON, so rows are no measure of memory. */
const maxCharactersKept = 64_000_000;
const keptMs = 5 * 60_000;
const lastGoodKeptMs = 24 * 3_600_000;

const kept = (ttl: number) => new LRUCache<string, CachedRows>({ maxSize: maxCharactersKept, ttl });

const store = () =>
  processWide('query-cache', () => ({
    fresh: kept(keptMs),
    lastGood: kept(lastGoodKeptMs),
    running: new Map<string, Promise<CachedRows>>(),
  }));

/** The rows of `key`, read once however many ask at the same time. `question` is the key without versions and time. */
export async function readThrough(
  key: string,
  question: string,
  read: () => Promise<Record<string, unknown>[]>,
): Promise<CachedRows> {
  const { fresh, lastGood, running } = store();
  const known = fresh.get(key);
  if (known) {
    metrics().queryCache.inc({ outcome: 'hit' });
    return known;
  }
  const underWay = running.get(key);
  if (underWay) return underWay;
  metrics().queryCache.inc({ outcome: 'miss' });
  const reading = read()
    .then(rows => {
      const entry = { rows, readAt: new Date() };
      const size = JSON.stringify(rows).length + key.length;
      fresh.set(key, entry, { size });
      lastGood.set(question, entry, { size });
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
