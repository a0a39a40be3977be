/**
 * Whole months of the audit log leave Postgres once their file is stored and sealed; BigQuery's copy of them is deleted
 * after that. Source: docs/architecture.md, Audit; docs/spec/requirements.md, C-60, C-84.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { and, count, eq, gte, isNull, like, lt, sql } from 'drizzle-orm';
import { z } from 'zod';
import { exportMonth, type Month } from '@/lib/domains/audit/export-month';
import { archivableBefore } from '@/lib/domains/audit/retention';
import { auditScope } from '@/lib/kernel/audit/audit';
import {
  type ArchiveStatement,
  noteCopyDeleted,
  recordArchive,
  type SealedStatement,
  sealStatement,
} from '@/lib/kernel/audit/audit-checkpoint';
import { defineCommand } from '@/lib/kernel/command';
import type { Ctx } from '@/lib/kernel/ctx';
import { auditArchives, auditHeads, auditLog } from '@/lib/kernel/tables';
import { runStatement } from '@/lib/platform/bigquery/bigquery';
import { db, type Tx } from '@/lib/platform/db';
import { env } from '@/lib/platform/env';
import { AppError } from '@/lib/platform/errors';
import { putArchive } from '@/lib/platform/files/archive-store';

/** One DELETE of a month may read as much as a month holds. */
const maximumBytesBilled = 1_099_511_627_776;

const monthOf = (name: string): Month => {
  const [year = 0, month = 0] = name.split('-').map(Number);
  return { from: new Date(Date.UTC(year, month - 1)), to: new Date(Date.UTC(year, month)) };
};
const partitionOf = (name: string): string => `audit_log_${name.replace('-', '_')}`;

/** `2025-10`, or `2025-10-2` where rows of that month came after it was archived. */
async function nextArchiveId(month: string): Promise<string> {
  const [known] = await db()
    .select({ archives: count() })
    .from(auditArchives)
    .where(like(auditArchives.archiveId, `${month}%`));
  return known && known.archives > 0 ? `${month}-${known.archives + 1}` : month;
}

/** Stores the month's file and seals what it holds. */
async function storeMonth(
  month: string,
  base: string,
): Promise<{ statement: ArchiveStatement; sealed: SealedStatement }> {
  const { from, to } = monthOf(month);
  const archiveId = await nextArchiveId(month);
  const folder = await mkdtemp(join(tmpdir(), 'tenantry-audit-'));
  try {
    const file = join(folder, 'month.ndjson.gz');
    const exported = await exportMonth({ from, to }, file);
    // The hash in the name: a run cut off after this leaves a file that no later one mistakes for its own.
    const name = `audit-log-${archiveId}-${exported.file_sha256.slice(0, 12)}-${Date.now().toString(36)}.ndjson.gz`;
    const location = await putArchive(base, name, file);
    const span = { from: from.toISOString(), to: to.toISOString() };
    const statement: ArchiveStatement = { format: 1, archive_id: archiveId, ...span, location, ...exported };
    return { statement, sealed: await sealStatement(statement) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Drops the month's partition if it still holds exactly what was stored; throws AppError conflict otherwise. */
async function dropPartition(tx: Tx, ctx: Ctx, month: string, rows: number): Promise<void> {
  // The head first, as every command does: the table's lock would otherwise wait for one who waits for us.
  await tx
    .select()
    .from(auditHeads)
    .where(eq(auditHeads.scope, auditScope(ctx)))
    .for('update');
  const partition = sql.identifier(partitionOf(month));
  await tx.execute(sql`LOCK TABLE audit_log IN ACCESS EXCLUSIVE MODE`);
  const found = await tx.execute<{ rows: string }>(sql`SELECT count(*) AS rows FROM ${partition}`);
  if (Number(found.rows[0]?.rows) !== rows) {
    throw new AppError('conflict', `Entries of ${month} were written while it was archived. The next run takes them.`);
  }
  await tx.execute(sql`ALTER TABLE audit_log DETACH PARTITION ${partition}`);
  await tx.execute(sql`DROP TABLE ${partition}`);
}

/** Archives one month (`2025-10`) that lies beyond the retention. AppError conflict where it is not over yet or in use. */
export const archiveMonth = defineCommand({
  name: 'audit.archive',
  permission: 'staff:write',
  input: z.strictObject({ month: z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/) }),
  prepare: async ({ ctx, input: { month } }) => {
    const base = env().AUDIT_ARCHIVE_URL;
    if (!base) throw new AppError('conflict', 'AUDIT_ARCHIVE_URL is not set: there is nowhere to archive to.');
    if (monthOf(month).to > archivableBefore(ctx.clock())) {
      throw new AppError('conflict', `${month} is not beyond the days the audit log is kept.`);
    }
    return storeMonth(month, base);
  },
  run: async ({ ctx, tx, input: { month }, prepared: { statement, sealed } }) => {
    await dropPartition(tx, ctx, month, statement.rows);
    const { scopes, ...facts } = statement;
    await recordArchive(tx, {
      archiveId: statement.archive_id,
      fromInstant: new Date(statement.from),
      toInstant: new Date(statement.to),
      location: statement.location,
      ...sealed,
    });
    const after = { name: statement.archive_id, ...facts, scopes: Object.keys(scopes).length };
    return {
      result: statement,
      target: { type: 'audit_archive', id: statement.archive_id },
      before: null,
      after,
      mirror: [],
    };
  },
});

/** Months that have a partition of their own and lie beyond the retention, oldest first. */
export async function monthsToArchive(now: Date): Promise<string[]> {
  const { rows } = await db().execute<{ name: string }>(
    sql`SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = 'audit_log'::regclass ORDER BY 1`,
  );
  const limit = archivableBefore(now);
  return rows
    .flatMap(({ name }) => /^audit_log_(\d{4})_(\d{2})$/.exec(name)?.slice(1, 3).join('-') ?? [])
    .filter(month => monthOf(month).to <= limit);
}

/** Whether the month holds no entry; then there is nothing to store, and its empty partition may stay. */
async function isEmpty({ from, to }: Month): Promise<boolean> {
  const inMonth = and(gte(auditLog.occurredAt, from), lt(auditLog.occurredAt, to));
  return (await db().select({ id: auditLog.auditId }).from(auditLog).where(inMonth).limit(1)).length === 0;
}

/** Archives every month beyond the retention; answers how many entries of which months left. */
export async function archiveOldMonths(ctx: Ctx): Promise<{ months: string[]; rows: number; skipped?: string }> {
  const months = await monthsToArchive(ctx.clock());
  if (!env().AUDIT_ARCHIVE_URL)
    return {
      months: [],
      rows: 0,
      skipped: `AUDIT_ARCHIVE_URL is not set, so no month leaves Postgres; ${months.length} could have.`,
    };
  let rows = 0;
  const archived: string[] = [];
  for (const month of months) {
    if (await isEmpty(monthOf(month))) continue;
    rows += (await archiveMonth(ctx, { month })).result.rows;
    archived.push(month);
  }
  return { months: archived, rows };
}

/** Deletes from BigQuery what was archived; repeatable. Answers how many rows. Throws BigQueryUnavailableError. */
export async function deleteArchivedCopies(now: Date): Promise<number> {
  const archives = await db().select().from(auditArchives).where(isNull(auditArchives.copyDeletedAt));
  let rows = 0;
  for (const { archiveId, fromInstant, toInstant } of archives) {
    const { affectedRows } = await runStatement({
      name: 'audit/delete-archived-copy',
      sql: 'DELETE FROM `customers.customer_audit_log` WHERE occurred_at >= @from_time AND occurred_at < @until_time',
      parameters: {
        from_time: { type: 'TIMESTAMP', value: fromInstant },
        until_time: { type: 'TIMESTAMP', value: toInstant },
      },
      maximumBytesBilled,
      timeoutMs: 60_000,
    });
    rows += affectedRows ?? 0;
    await noteCopyDeleted(archiveId, now);
  }
  return rows;
}
