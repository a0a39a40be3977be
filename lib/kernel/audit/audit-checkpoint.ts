/**
 * What an archived month of the audit log says of itself: which sequences it holds and the hash of its file. The text's
 * SHA-256 is sealed by Cloud KMS for its row, so that nobody who can only write to Postgres can make or change one.
 */
import { eq } from 'drizzle-orm';
import { z } from 'zod';
import type { SealedPlace } from '@/lib/kernel/sealing';
import { fitsSeal, sealText } from '@/lib/kernel/statements/sealed-text';
import { auditArchives } from '@/lib/kernel/tables';
import { type Db, db, type Tx } from '@/lib/platform/db';

const statementSchema = z.strictObject({
  format: z.literal(1),
  archive_id: z.string(),
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  location: z.string(),
  /** SHA-256 (hex) of the file's bytes as stored. */
  file_sha256: z.string(),
  file_bytes: z.int(),
  rows: z.int(),
  /** First and last sequence of each run without gaps, by scope. */
  scopes: z.record(z.string(), z.array(z.tuple([z.int(), z.int()]))),
});
export type ArchiveStatement = z.output<typeof statementSchema>;
export type SealedStatement = { statement: string; seal: Buffer };
export type AuditArchive = typeof auditArchives.$inferSelect;

const placeOf = (archiveId: string): SealedPlace => ({
  customerId: 'operator',
  table: 'audit_archives',
  column: 'statement',
  id: archiveId,
});
/** Writes the statement as text and seals it. Calls KMS; throws AppError key_service_unavailable. */
export async function sealStatement(statement: ArchiveStatement): Promise<SealedStatement> {
  const text = JSON.stringify(statement);
  return { statement: text, seal: await sealText(text, placeOf(statement.archive_id)) };
}

/** The statement if its seal fits; null where text or seal was changed. Throws AppError key_service_unavailable. */
export async function openStatement(archive: AuditArchive): Promise<ArchiveStatement | null> {
  if (!(await fitsSeal(archive.statement, archive.seal, placeOf(archive.archiveId)))) return null;
  const parsed = statementSchema.safeParse(JSON.parse(archive.statement));
  return parsed.success && parsed.data.archive_id === archive.archiveId ? parsed.data : null;
}

/** All archives, oldest month first. */
export const listArchives = (store: Db | Tx): Promise<AuditArchive[]> =>
  store.select().from(auditArchives).orderBy(auditArchives.archiveId);

/** Notes an archived month; in the transaction that drops its partition. */
export async function recordArchive(tx: Tx, archive: typeof auditArchives.$inferInsert): Promise<void> {
  await tx.insert(auditArchives).values(archive);
}

/** Notes that BigQuery's copy of an archived month is gone. */
export async function noteCopyDeleted(archiveId: string, copyDeletedAt: Date): Promise<void> {
  await db().update(auditArchives).set({ copyDeletedAt }).where(eq(auditArchives.archiveId, archiveId));
}
