/** Forgets discarded values once they are as old as receipts are kept, and discards that have not come again for a month. */
import { lt, sql } from 'drizzle-orm';
import { type Clock, systemClock } from '@/lib/platform/clock';
import { db } from '@/lib/platform/db';
import { env } from '@/lib/platform/env';
import { ingestDiscards } from '@/lib/warehouse/ingest/tables';

const dayMs = 86_400_000;
const keptDiscardDays = 30;
/** Rows of one statement, so that none runs long. */
const atOnce = 5_000;

/** Deletes what is past its time; answers how many values went. */
export async function forgetDiscards(clock: Clock = systemClock): Promise<number> {
  const before = (days: number) => new Date(clock().getTime() - days * dayMs);
  let gone = 0;
  for (let some = atOnce; some === atOnce; gone += some) {
    const { rowCount } = await db().execute(sql`
      DELETE FROM ingest_discarded_values WHERE ctid = ANY(ARRAY(
        SELECT ctid FROM ingest_discarded_values WHERE discarded_at < ${before(env().EVENT_RECEIPT_DAYS)} LIMIT ${atOnce}))`);
    some = rowCount ?? 0;
  }
  await db()
    .delete(ingestDiscards)
    .where(lt(ingestDiscards.lastAt, before(keptDiscardDays)));
  return gone;
}
