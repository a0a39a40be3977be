/** Writes one month of the audit log into a file: a JSON line an entry, in order of sequence, compressed by gzip. */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { and, asc, gte, lt, sql } from 'drizzle-orm';
import { auditMirror } from '@/lib/domains/audit/mirror';
import type { ArchiveStatement } from '@/lib/kernel/audit/audit-checkpoint';
import { auditLog } from '@/lib/kernel/tables';
import { db } from '@/lib/platform/db';

export type Month = { from: Date; to: Date };
type Row = typeof auditLog.$inferSelect;

const pageRows = 5_000;

/** The month's rows by scope and sequence, in pages. */
async function* pagesOf({ from, to }: Month): AsyncGenerator<Row[]> {
  for (let last: Row | undefined; ; ) {
    const after = last
      ? sql`(${auditLog.scope}, ${auditLog.sequence}, ${auditLog.occurredAt}) > (${last.scope}, ${last.sequence}, ${last.occurredAt})`
      : undefined;
    const rows: Row[] = await db()
      .select()
      .from(auditLog)
      .where(and(gte(auditLog.occurredAt, from), lt(auditLog.occurredAt, to), after))
      .orderBy(asc(auditLog.scope), asc(auditLog.sequence), asc(auditLog.occurredAt))
      .limit(pageRows);
    if (rows.length > 0) yield rows;
    if (rows.length < pageRows) return;
    last = rows.at(-1);
  }
}

type Scopes = ArchiveStatement['scopes'];

function note(scopes: Scopes, { scope, sequence }: Row): void {
  const runs = scopes[scope] ?? [];
  scopes[scope] = runs;
  const last = runs.at(-1);
  if (last && last[1] + 1 === sequence) last[1] = sequence;
  else runs.push([sequence, sequence]);
}

/** SHA-256 (hex) of a file. */
export async function fileSha256(file: string | Readable): Promise<string> {
  const hash = createHash('sha256');
  for await (const part of typeof file === 'string' ? createReadStream(file) : file) hash.update(part as Buffer);
  return hash.digest('hex');
}

export type ExportedMonth = Pick<ArchiveStatement, 'file_sha256' | 'file_bytes' | 'rows' | 'scopes'>;

/** Writes the month's entries to `file` and answers what the file holds; memory stays bounded by one page of rows. */
export async function exportMonth(month: Month, file: string): Promise<ExportedMonth> {
  const scopes: Scopes = {};
  let rows = 0;
  async function* lines(): AsyncGenerator<string> {
    for await (const page of pagesOf(month)) {
      for (const row of page) note(scopes, row);
      rows += page.length;
      yield page.map(row => `${JSON.stringify({ scope: row.scope, ...auditMirror.toRow(row) })}\n`).join('');
    }
  }
  await pipeline(Readable.from(lines()), createGzip(), createWriteStream(file));
  return { file_sha256: await fileSha256(file), file_bytes: (await stat(file)).size, rows, scopes };
}
