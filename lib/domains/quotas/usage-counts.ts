/** API calls and refused starts, counted in this process and written each second: a call costs no statement. */
import { LRUCache } from 'lru-cache';
import { nextUtcMonth, secondsUntil } from '@/lib/domains/quotas/rules';
import { utcDay, utcMonth } from '@/lib/platform/clock';
import { pool } from '@/lib/platform/db';
import { AppError } from '@/lib/platform/errors';
import { log } from '@/lib/platform/log';
import { processWide } from '@/lib/platform/process-wide';

const flushMs = 1_000;

type Count = { customer_id: string; day: string; api_calls: number; refused: number };
type Known = { month: string; calls: number; limit: number | null };

const state = () =>
  processWide('usage-counts', () => ({
    pending: new Map<string, Count>(),
    /** Each customer's month as Postgres last told it, plus what was sent since. */
    known: new LRUCache<string, Known>({ max: 50_000 }),
    timer: undefined as NodeJS.Timeout | undefined,
    flushing: undefined as Promise<void> | undefined,
  }));

function pendingOf(customerId: string, now: Date): Count {
  const counts = state();
  const day = utcDay(now);
  const name = `${day} ${customerId}`;
  let count = counts.pending.get(name);
  if (!count) {
    count = { customer_id: customerId, day, api_calls: 0, refused: 0 };
    counts.pending.set(name, count);
  }
  // Unref: a waiting flush keeps no process alive; drains call flushUsage.
  counts.timer ??= setTimeout(() => void flushUsage().catch(noteFailure), flushMs).unref();
  return count;
}

const noteFailure = (error: unknown) => log().warn({ err: error }, 'usage counts could not be written; they are kept');

function knownOf(customerId: string, now: Date): Known | undefined {
  const known = state().known.get(customerId);
  return known?.month === utcMonth(now) ? known : undefined;
}

/**
 * API calls the customer has left this UTC month as this process knows it, at most 1 s old; null without a limit, or
 * where the customer was not seen yet.
 */
export function apiCallsLeft(customerId: string, now: Date = new Date()): number | null {
  const known = knownOf(customerId, now);
  // An entry of zero calls makes the next flush read the customer's month again: its limit may have been raised.
  const pending = pendingOf(customerId, now);
  if (!known || known.limit === null) return null;
  return Math.max(0, known.limit - known.calls - pending.api_calls);
}

/**
 * Counts one authenticated call that starts or reads something; what a started run says of itself is none. Throws AppError usage_exceeded with seconds to the end of the month
 * once the month's calls are used; other processes' calls are seen within 1 s. Source: docs/architecture.md, Quota; docs/spec/requirements.md, C-25.
 */
export function recordApiCall(customerId: string, now: Date = new Date()): void {
  if (apiCallsLeft(customerId, now) === 0) {
    throw new AppError(
      'usage_exceeded',
      'All API calls of this month are used. The count starts again on the 1st, UTC.',
      {
        retryAfterSeconds: secondsUntil(nextUtcMonth(now), now),
        details: { period: 'month', api_calls_month_limit: knownOf(customerId, now)?.limit ?? null },
      },
    );
  }
  pendingOf(customerId, now).api_calls += 1;
}

/** Counts one start refused because a limit was reached. */
export function countRefused(customerId: string, now: Date = new Date()): void {
  pendingOf(customerId, now).refused += 1;
}

/** Writes what is counted so far; part of a drain. Counts that could not be written are kept, and the error thrown. */
export async function flushUsage(): Promise<void> {
  const counts = state();
  await counts.flushing?.catch(() => {});
  clearTimeout(counts.timer);
  counts.timer = undefined;
  if (counts.pending.size === 0) return;
  const taken = [...counts.pending.values()];
  counts.pending = new Map();
  counts.flushing = write(taken).finally(() => {
    counts.flushing = undefined;
  });
  await counts.flushing;
}

type Month = { customer: string; in_month: string; calls: string; call_limit: string | null };
const statement = 'SELECT customer, in_month::text, calls, call_limit FROM flush_usage($1::jsonb)';

async function write(taken: Count[]): Promise<void> {
  const { known } = state();
  for (const count of taken) {
    const month = known.get(count.customer_id);
    if (month) month.calls += count.api_calls;
  }
  try {
    const values = [JSON.stringify(taken)];
    const { rows } = await pool().query<Month>({ name: 'flush-usage', text: statement, values });
    for (const row of rows) {
      const limit = row.call_limit === null ? null : Number(row.call_limit);
      known.set(row.customer, { month: row.in_month, calls: Number(row.calls), limit });
    }
  } catch (error) {
    for (const count of taken) giveBack(count);
    throw error;
  }
}

function giveBack(count: Count): void {
  const month = state().known.get(count.customer_id);
  if (month) month.calls -= count.api_calls;
  const again = pendingOf(count.customer_id, new Date(`${count.day}T00:00:00Z`));
  again.api_calls += count.api_calls;
  again.refused += count.refused;
}
