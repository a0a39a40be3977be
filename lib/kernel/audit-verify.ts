/** Checks that no audit row is missing: each scope's sequence runs without gaps up to its head. Source: DESIGN 4, Audit. */
import { sql } from 'drizzle-orm';
import { type Db, db, type Tx } from '@/lib/platform/db';

export type AuditGap = {
  scope: string;
  /** First and last sequence that is missing. */
  from: number;
  to: number;
};
export type AuditVerified = { scopes: number; rows: number; gaps: AuditGap[] };

/** Compares rows with heads in one snapshot; `gaps` is empty when every row is there. At most 1,000 gaps are listed. */
export async function verifyAudit(store: Db | Tx = db()): Promise<AuditVerified> {
  const { rows } = await store.execute<{ scopes: string; rows: string; gaps: AuditGap[] | null }>(sql`
    WITH entries AS (
      SELECT scope, sequence, lag(sequence, 1, 0::bigint) OVER (PARTITION BY scope ORDER BY sequence) AS previous
      FROM audit_log
    ), ends AS (
      SELECT heads.scope, heads.sequence + 1 AS sequence, coalesce(max(entries.sequence), 0) AS previous
      FROM audit_heads AS heads LEFT JOIN entries ON entries.scope = heads.scope
      GROUP BY heads.scope, heads.sequence
    ), gaps AS (
      SELECT scope, previous + 1 AS "from", sequence - 1 AS "to"
      FROM (SELECT * FROM entries UNION ALL SELECT * FROM ends) AS steps
      WHERE sequence <> previous + 1 ORDER BY scope, sequence LIMIT 1000
    )
    SELECT (SELECT count(*) FROM audit_heads) AS scopes, (SELECT count(*) FROM audit_log) AS rows,
           (SELECT json_agg(gaps) FROM gaps) AS gaps`);
  const [found] = rows;
  return { scopes: Number(found?.scopes ?? 0), rows: Number(found?.rows ?? 0), gaps: found?.gaps ?? [] };
}
