/** How far files were read, in Postgres. */
import { and, eq } from 'drizzle-orm';
import { traceFiles } from '@/lib/domains/traces/tables';
import { db, type Tx } from '@/lib/platform/db';

export type FileNote = typeof traceFiles.$inferSelect;

/** What is noted of a file, if anything. */
export async function fileNote(customerId: string, location: string): Promise<FileNote | null> {
  const ofFile = and(eq(traceFiles.customerId, customerId), eq(traceFiles.location, location));
  const [note] = await db().select().from(traceFiles).where(ofFile);
  return note ?? null;
}

/** Notes how far a file's rows are durable. */
export async function noteFile(tx: Tx, note: FileNote): Promise<void> {
  const { customerId: _key, location: _too, ...changed } = note;
  await tx
    .insert(traceFiles)
    .values(note)
    .onConflictDoUpdate({ target: [traceFiles.customerId, traceFiles.location], set: changed });
}
