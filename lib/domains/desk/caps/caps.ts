/** What queries of a customer may bill: the least of the operator's settings, the customer's, the key's and the query's own. */
import { and, eq, sql } from 'drizzle-orm';
import { deskDays, deskSettings } from '@/lib/domains/desk/tables';
import type { CustomerCtx } from '@/lib/kernel/ctx';
import { utcDay } from '@/lib/platform/clock';
import { type Db, db, type Tx } from '@/lib/platform/db';
import { env } from '@/lib/platform/env';

type Limits = { maxBytesPerQuery: number; bytesPerDay: number };
export type DeskCaps = Limits & {
  /** Bytes of this UTC day that are billed, or taken by queries that run. */
  dayBytes: number;
  /** What the process's settings say, above which nobody gets. */
  operator: Limits;
};

/** The highest that anybody may have. */
export const operatorLimits = (): Limits => ({
  maxBytesPerQuery: env().DESK_MAX_BYTES_PER_QUERY,
  bytesPerDay: env().DESK_BYTES_PER_DAY,
});

/** What the customer may bill, a query and a day. */
export async function limitsOf(store: Db | Tx, customerId: string): Promise<Limits> {
  const operator = operatorLimits();
  const [own] = await store.select().from(deskSettings).where(eq(deskSettings.customerId, customerId));
  return {
    maxBytesPerQuery: Math.min(operator.maxBytesPerQuery, own?.maxBytesPerQuery ?? operator.maxBytesPerQuery),
    bytesPerDay: Math.min(operator.bytesPerDay, own?.bytesPerDay ?? operator.bytesPerDay),
  };
}

/** The customer's caps, and what of this UTC day is used. */
export async function readCaps({ customerId, clock }: CustomerCtx): Promise<DeskCaps> {
  const ofDay = and(eq(deskDays.customerId, customerId), eq(deskDays.day, utcDay(clock())));
  const [day] = await db().select().from(deskDays).where(ofDay);
  const limits = await limitsOf(db(), customerId);
  return { ...limits, dayBytes: day?.bytes ?? 0, operator: operatorLimits() };
}

/** The key and those that it replaced, newest first, with their caps: a rotation does not take a cap away. */
const lineOf = (customerId: string, apiKeyId: string) => sql`
  WITH RECURSIVE line AS (
    SELECT api_key_id, rotated_from, 0 AS age FROM api_keys WHERE customer_id = ${customerId} AND api_key_id = ${apiKeyId}
    UNION ALL
    SELECT k.api_key_id, k.rotated_from, line.age + 1 FROM api_keys k JOIN line ON k.api_key_id = line.rotated_from
    WHERE k.customer_id = ${customerId} AND line.age < 10000
  ) SELECT line.api_key_id, cap.max_bytes_per_query AS bytes FROM line LEFT JOIN desk_key_caps cap USING (api_key_id)
  ORDER BY age`;

type InLine = { api_key_id: string; bytes: string | null };

/** Ids of the key and of those that it replaced, newest first; of nobody else's keys. */
export async function keyLine(store: Db | Tx, customerId: string, apiKeyId: string): Promise<string[]> {
  const { rows } = await store.execute<InLine>(lineOf(customerId, apiKeyId));
  return rows.map(row => row.api_key_id);
}

/** The cap of the key, or of the latest one before it that has one; null where none has. */
export async function keyCapOf(store: Db | Tx, customerId: string, apiKeyId: string): Promise<number | null> {
  const { rows } = await store.execute<InLine>(lineOf(customerId, apiKeyId));
  const nearest = rows.find(row => row.bytes !== null);
  return nearest ? Number(nearest.bytes) : null;
}

/** Bytes that a query of this caller may bill; `asked` is what the query itself named. */
export async function capOf({ customerId, actor }: CustomerCtx, asked?: number): Promise<number> {
  const { maxBytesPerQuery } = await limitsOf(db(), customerId);
  const ofKey = actor.type === 'api_key' ? await keyCapOf(db(), customerId, actor.id) : null;
  return Math.min(maxBytesPerQuery, ofKey ?? maxBytesPerQuery, asked ?? maxBytesPerQuery);
}
