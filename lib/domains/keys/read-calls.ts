/** Calls of keys as pages and the API show them: by day, the latest with who made them, and a sum for lists. */
import { and, eq, gte, inArray, lt, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { keyCallsInput } from '@/lib/domains/keys/input';
import { readKey } from '@/lib/domains/keys/queries';
import { callDaysKept } from '@/lib/domains/keys/rules';
import { keyCallers, keyCalls, type StoredCall } from '@/lib/domains/keys/tables';
import { authorise } from '@/lib/kernel/command';
import { type Ctx, requireCustomer } from '@/lib/kernel/ctx';
import { parseInput } from '@/lib/kernel/input';
import { addDays, daysFrom, utcDay } from '@/lib/platform/clock';
import { db } from '@/lib/platform/db';

export type CallDay = { day: string; calls: number; errors: number };

export type KeyCallsView = {
  /** UTC days up to today, the oldest first; a day without calls has zeros. */
  days: CallDay[];
  /** At most 20, the last one first. */
  latest: StoredCall[];
};

const dayMs = 86_400_000;
const oldestKept = (now: Date): string => utcDay(new Date(now.getTime() - callDaysKept * dayMs));

/** What a key of the caller's customer did; what happened in the last 2 s may be missing. AppError not_found, invalid_input. */
export async function readKeyCalls(
  ctx: Ctx,
  apiKeyId: string,
  raw: z.input<typeof keyCallsInput> = {},
): Promise<KeyCallsView> {
  const { api_key_id } = await readKey(ctx, apiKeyId);
  const { days: wanted } = parseInput(keyCallsInput, raw);
  const first = addDays(utcDay(ctx.clock()), 1 - wanted);
  const [counts, [callers]] = await Promise.all([
    db()
      .select({ day: keyCalls.day, calls: keyCalls.calls, errors: keyCalls.errors })
      .from(keyCalls)
      .where(and(eq(keyCalls.apiKeyId, api_key_id), gte(keyCalls.day, first))),
    db().select({ latest: keyCallers.latest }).from(keyCallers).where(eq(keyCallers.apiKeyId, api_key_id)),
  ]);
  const byDay = new Map(counts.map(count => [count.day, count]));
  const oldest = oldestKept(ctx.clock());
  return {
    days: daysFrom(first, wanted).map(day => byDay.get(day) ?? { day, calls: 0, errors: 0 }),
    latest: (callers?.latest ?? []).filter(call => call.at >= oldest),
  };
}

/** Calls of each of these keys in the last `days` UTC days, today included; a key without any is not in the answer. */
export async function countCalls(ctx: Ctx, keyIds: readonly string[], days: number): Promise<Map<string, number>> {
  await authorise(ctx, 'keys:read', 'api_key.list');
  if (keyIds.length === 0) return new Map();
  const { customerId } = requireCustomer(ctx);
  const first = addDays(utcDay(ctx.clock()), 1 - days);
  const rows = await db()
    .select({ id: keyCalls.apiKeyId, calls: sql<string>`sum(${keyCalls.calls})` })
    .from(keyCalls)
    .where(and(eq(keyCalls.customerId, customerId), inArray(keyCalls.apiKeyId, [...keyIds]), gte(keyCalls.day, first)))
    .groupBy(keyCalls.apiKeyId);
  return new Map(rows.map(({ id, calls }) => [id, Number(calls)]));
}

/** Deletes calls that are older than they are kept. Answers how many days of keys, and how many keys' callers. */
export async function forgetCalls(now: Date): Promise<{ days: number; callers: number }> {
  const oldest = oldestKept(now);
  const days = await db().delete(keyCalls).where(lt(keyCalls.day, oldest));
  const silent = await db()
    .delete(keyCallers)
    .where(lt(keyCallers.lastAt, new Date(`${oldest}T00:00:00Z`)));
  await db().execute(sql`
    UPDATE key_callers SET latest = (
      SELECT jsonb_agg(call ORDER BY call ->> 'at' DESC) FROM jsonb_array_elements(latest) AS call
      WHERE call ->> 'at' >= ${oldest})
    WHERE latest -> -1 ->> 'at' < ${oldest}`);
  return { days: days.rowCount ?? 0, callers: silent.rowCount ?? 0 };
}
