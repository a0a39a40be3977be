/**
 * Whether the audit log is whole: sequences, archives and their files, and the copy in BigQuery.
 * Source: docs/architecture.md, Audit.
 */
import { drizzle } from 'drizzle-orm/node-postgres';
import { fileSha256 } from '@/lib/domains/audit/export-month';
import { auditMirror } from '@/lib/domains/audit/mirror';
import type { ArchiveStatement } from '@/lib/kernel/audit/audit-checkpoint';
import { type AuditVerified, verifyAudit } from '@/lib/kernel/audit/audit-verify';
import { dedicatedClient } from '@/lib/platform/db';
import { readArchive } from '@/lib/platform/files/archive-store';
import type { RelayDeps } from '@/lib/warehouse/mirror/context';
import type { Mirror } from '@/lib/warehouse/mirror/define-mirror';
import { readCopy } from '@/lib/warehouse/mirror/read-copy';
import { type Difference, verifyMirror } from '@/lib/warehouse/mirror/verify';

/** An entry that Postgres has lost and BigQuery still holds. */
export type LostEntry = {
  audit_id: string;
  customer_id: string | null;
  sequence: number;
  occurred_at: Date;
  action: string;
  actor_type: string;
  actor_id: string;
};

export type AuditLogVerified = AuditVerified & {
  /** Archives whose file is gone or not the one that was stored. */
  damagedFiles: string[];
  /** Rows that differ between Postgres and BigQuery. */
  differences: Difference[];
  lost: LostEntry[];
  bigqueryRows: number;
};

const columns = ['audit_id', 'customer_id', 'sequence', 'occurred_at', 'action', 'actor_type', 'actor_id'];

/** The sequences, read without the time limit of pages: the log may be long. */
async function verifySequences(customerId: string | null): Promise<AuditVerified> {
  const client = await dedicatedClient();
  try {
    return await verifyAudit(drizzle(client), customerId);
  } finally {
    await client.end();
  }
}

async function damagedFiles(archives: ArchiveStatement[]): Promise<string[]> {
  const damaged: string[] = [];
  for (const { archive_id, location, file_sha256 } of archives) {
    const found = await readArchive(location).then(fileSha256, () => null);
    if (found !== file_sha256) damaged.push(archive_id);
  }
  return damaged;
}

async function lostEntries(deps: RelayDeps, keys: string[], archives: ArchiveStatement[]): Promise<LostEntry[]> {
  if (keys.length === 0) return [];
  const question = { shape: auditMirror.shape, dataset: auditMirror.shape.dataset, columns, keys };
  const found: LostEntry[] = [];
  for await (const rows of readCopy(deps, question)) found.push(...(rows as LostEntry[]));
  const isArchived = ({ occurred_at }: LostEntry) =>
    archives.some(({ from, to }) => occurred_at >= new Date(from) && occurred_at < new Date(to));
  return found.filter(entry => !isArchived(entry)).sort((a, b) => a.sequence - b.sequence);
}

/** True when nothing is missing, forged, damaged or unlike. */
export const isWhole = (log: AuditLogVerified): boolean =>
  [log.faults, log.forged, log.damagedFiles, log.differences, log.lost].every(list => list.length === 0);

/**
 * Verifies the whole log, or one customer's; changes on their way to BigQuery are waited for, at most 10 s.
 * Throws AppError key_service_unavailable, BigQueryStatementError, BigQueryUnavailableError.
 */
export async function verifyAuditLog(deps: RelayDeps, customerId: string | null = null): Promise<AuditLogVerified> {
  const sequences = await verifySequences(customerId);
  const log: AuditLogVerified = {
    ...sequences,
    damagedFiles: await damagedFiles(sequences.archives),
    differences: [],
    lost: [],
    bigqueryRows: 0,
  };
  for await (const verified of verifyMirror(deps, auditMirror as unknown as Mirror, customerId ?? undefined)) {
    log.bigqueryRows += verified.bigqueryRows;
    log.differences.push(...verified.differences);
    log.lost.push(...(await lostEntries(deps, verified.keptKeys, sequences.archives)));
  }
  return log;
}
