/**
 * Checks that no audit row is missing: each scope's sequence runs without gaps up to its head.
 * Source: docs/architecture.md, Audit.
 */
import { sql } from 'drizzle-orm';
import { type ArchiveStatement, listArchives, openStatement } from '@/lib/kernel/audit/audit-checkpoint';
import { type Db, db, type Tx } from '@/lib/platform/db';

export type AuditFault = {
  scope: string;
  kind: 'missing' | 'twice' | 'beyond the head';
  /** First and last sequence concerned. */
  from: number;
  to: number;
};
export type AuditVerified = {
  scopes: number;
  rows: number;
  /** At most 1,000. */
  faults: AuditFault[];
  /** Archived months whose statements hold; their rows count as present. */
  archives: ArchiveStatement[];
  /** Archives whose statement or seal was changed. */
  forged: string[];
};

type Range = { scope: string; first: number; last: number };

const rangesOf = (archives: ArchiveStatement[]): Range[] =>
  archives.flatMap(({ scopes }) =>
    Object.entries(scopes).flatMap(([scope, runs]) => runs.map(([first, last]) => ({ scope, first, last }))),
  );

async function openArchives(store: Db | Tx): Promise<Pick<AuditVerified, 'archives' | 'forged'>> {
  const archives: ArchiveStatement[] = [];
  const forged: string[] = [];
  for (const archive of await listArchives(store)) {
    const statement = await openStatement(archive);
    if (statement) archives.push(statement);
    else forged.push(archive.archiveId);
  }
  return { archives, forged };
}

/**
 * Compares rows and archived ranges with heads in one snapshot; `faults` is empty when every row is there once.
 * `scope` narrows it to one sequence. Calls KMS where months were archived; throws AppError key_service_unavailable.
 */
export async function verifyAudit(store: Db | Tx = db(), scope: string | null = null): Promise<AuditVerified> {
  const { archives, forged } = await openArchives(store);
  const archived = JSON.stringify(rangesOf(archives));
  const { rows } = await store.execute<{ scopes: string; rows: string; faults: AuditFault[] | null }>(sql`
    WITH entries AS (
      SELECT scope, sequence AS first, sequence AS last FROM audit_log
      UNION ALL
      SELECT scope, first, last FROM jsonb_to_recordset(${archived}::jsonb) AS r(scope text, first bigint, last bigint)
    ), steps AS (
      SELECT scope, first, last, coalesce(max(last) OVER (
        PARTITION BY scope ORDER BY first, last ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS previous
      FROM entries WHERE ${scope}::text IS NULL OR scope = ${scope}
    ), ends AS (
      SELECT scope, coalesce(head.sequence, 0) AS head, coalesce(reached.last, 0) AS last
      FROM (SELECT scope, max(last) AS last FROM steps GROUP BY scope) AS reached
      FULL JOIN (SELECT scope, sequence FROM audit_heads WHERE ${scope}::text IS NULL OR scope = ${scope}) AS head USING (scope)
    ), faults AS (
      SELECT scope, 'missing' AS kind, previous + 1 AS "from", first - 1 AS "to" FROM steps WHERE first > previous + 1
      UNION ALL
      SELECT scope, 'twice', first, least(last, previous) FROM steps WHERE first <= previous
      UNION ALL
      SELECT scope, 'missing', last + 1, head FROM ends WHERE last < head
      UNION ALL
      SELECT scope, 'beyond the head', head + 1, last FROM ends WHERE last > head
      ORDER BY 1, 3 LIMIT 1000
    )
    SELECT (SELECT count(*) FROM ends) AS scopes,
           (SELECT coalesce(sum(last - first + 1), 0) FROM steps) AS rows,
           (SELECT json_agg(faults) FROM faults) AS faults`);
  const [found] = rows;
  return {
    scopes: Number(found?.scopes ?? 0),
    rows: Number(found?.rows ?? 0),
    faults: found?.faults ?? [],
    archives,
    forged,
  };
}
