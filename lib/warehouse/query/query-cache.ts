/** The last rows of each question: kept a day for when BigQuery is away, refreshed by one statement at a time. */
import { LRUCache } from 'lru-cache';
import { log } from '@/lib/platform/log';
import { processWide } from '@/lib/platform/process-wide';

export type Asked = {
  rows: Record<string, unknown>[];
  /** What the rows hold for: the tables' versions and the time bound into the statement. */
  stamp: string;
  /** Keys of the overlaid table whose changes waited for the mirror when BigQuery was asked. */
  waiting: readonly string[];
};
export type KeptRows = Asked & {
  /** UTC day of the question. */
  day: string;
  /** When BigQuery was asked: what was changed later cannot be in the rows. */
  askedAt: Date;
  /** When it answered. */
  readAt: Date;
};
export type CachedQuestion = {
  /** Statement, dataset and parameters, without versions and time. */
  key: string;
  day: () => string;
  ask: () => Promise<Asked>;
};

/** With the keys; rows may hold 32 KiB of a caller's JSON, so rows are no measure of memory. */
const maxCharactersKept = 128_000_000;
const keptMs = 24 * 3_600_000;

const store = () =>
  processWide('query-cache', () => ({
    kept: new LRUCache<string, KeptRows>({ maxSize: maxCharactersKept, ttl: keptMs }),
    running: new Map<string, Promise<KeptRows>>(),
    scheduled: new Map<string, NodeJS.Timeout>(),
  }));

/** The last rows that answered this question, up to a day old. */
export const keptRows = (key: string): KeptRows | undefined => store().kept.get(key);

/** Whether the question is being asked right now. */
export const isRefreshing = ({ key, day }: CachedQuestion): boolean => store().running.has(`${key} ${day()}`);

/** Asks the question, once however many ask at the same time, and keeps the answer. Throws what `ask` throws. */
export function refresh(question: CachedQuestion): Promise<KeptRows> {
  const { kept, running } = store();
  const day = question.day();
  const name = `${question.key} ${day}`;
  const alreadyAsked = running.get(name);
  if (alreadyAsked) return alreadyAsked;
  const askedAt = new Date();
  const asking = question
    .ask()
    .then(asked => {
      const entry = { ...asked, day, askedAt, readAt: new Date() };
      kept.set(question.key, entry, { size: JSON.stringify(asked.rows).length + question.key.length });
      return entry;
    })
    .finally(() => running.delete(name));
  running.set(name, asking);
  return asking;
}

/** Refreshes these rows behind the answers, `afterMs` after they were asked for; nothing where that is arranged already. */
export function refreshBehind(question: CachedQuestion, entry: KeptRows, afterMs: number): void {
  const { kept, scheduled } = store();
  if (scheduled.has(question.key) || isRefreshing(question)) return;
  const begin = () => {
    scheduled.delete(question.key);
    if (kept.get(question.key) !== entry) return;
    refresh(question).catch(error => log().warn({ err: error }, 'rows could not be refreshed behind their answer'));
  };
  const timer = setTimeout(begin, Math.max(0, entry.askedAt.getTime() + afterMs - Date.now()));
  timer.unref();
  scheduled.set(question.key, timer);
}

/** Forgets everything; for tests. */
export function clearQueryCache(): void {
  const { kept, scheduled } = store();
  kept.clear();
  for (const timer of scheduled.values()) clearTimeout(timer);
  scheduled.clear();
}
