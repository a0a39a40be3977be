/** What the mirror has cost and when its next MERGE may begin, as all workers share it in Postgres. */

import type { LockSession } from '@/lib/kernel/lock-session';
import type { Spent } from '@/lib/warehouse/mirror/schedule/accounts';
import { usdOf } from '@/lib/warehouse/mirror/schedule/flush-policy';

/** A tenant counts as active for so long after its last MERGE. */
const activeDays = 7;
/** Turns that may be taken at once after a rest. */
const burst = 3;

/** Spend of this UTC month by account. One statement, however many tenants there are. */
export async function readSpent(session: Pick<LockSession, 'query'>, usdPerTib: number): Promise<Spent> {
  const rows = await session.query<{ customerId: string; bytes: string; active: boolean }>(
    `SELECT customer_id AS "customerId", last_at > clock_timestamp() - make_interval(days => $1) AS active,
            CASE WHEN month = date_trunc('month', clock_timestamp() AT TIME ZONE 'UTC') THEN bytes_billed ELSE 0 END AS bytes
       FROM mirror_spend`,
    [activeDays],
  );
  return {
    usdByAccount: new Map(rows.map(({ customerId, bytes }) => [customerId, usdOf(Number(bytes), usdPerTib)])),
    activeTenants: rows.filter(({ customerId, active }) => active && customerId !== '').length,
  };
}

/** Takes the next turn among all workers' MERGEs; answers how long to wait for it, in ms. */
export async function takeTurn(session: LockSession, mergesPerSecond: number): Promise<number> {
  const [row] = await session.query<{ waitMs: string }>(
    `INSERT INTO mirror_pace (name, next_at) VALUES ('merge', clock_timestamp() + make_interval(secs => $1))
         ON CONFLICT (name) DO UPDATE SET next_at =
           greatest(mirror_pace.next_at, clock_timestamp() - make_interval(secs => $1 * $2)) + make_interval(secs => $1)
     RETURNING extract(epoch FROM next_at - make_interval(secs => $1) - clock_timestamp()) * 1000 AS "waitMs"`,
    [1 / mergesPerSecond, burst],
  );
  return Math.max(0, Number(row?.waitMs ?? 0));
}
