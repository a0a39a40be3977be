/** Lines and records that were refused, with their reason. */
import { sql } from 'drizzle-orm';
import { keptDeadLetters, keptLineSigns } from '@/lib/domains/traces/rules';
import { traceDeadLetters } from '@/lib/domains/traces/tables';
import { storableStart } from '@/lib/kernel/storable';
import type { Tx } from '@/lib/platform/db';
import { newId } from '@/lib/platform/ids';

export type DeadLetter = {
  /** 1 for the first line of a file; index + 1 of a record in a request. */
  line: number;
  code: string;
  field: string;
  /** The line; its start is kept. */
  content: string;
};

const fieldSigns = 256;
/** Rows of one statement. */
const atOnce = 2_000;

/** Keeps what a run refused, up to keptDeadLetters of it; the run's own count tells of all. Answers how many were kept. */
export async function recordDeadLetters(
  tx: Tx,
  {
    customerId,
    etlRunId,
    letters,
    at,
  }: { customerId: string; etlRunId: number; letters: readonly DeadLetter[]; at: Date },
): Promise<number> {
  if (letters.length === 0) return 0;
  const ofRun = sql`${traceDeadLetters.customerId} = ${customerId} AND ${traceDeadLetters.etlRunId} = ${etlRunId}`;
  const there = await tx.$count(traceDeadLetters, ofRun);
  const some = letters.slice(0, Math.max(0, keptDeadLetters - there));
  for (let from = 0; from < some.length; from += atOnce) {
    const part = some.slice(from, from + atOnce);
    const texts = (of: (letter: DeadLetter) => string) => sql`${sql.param(part.map(of))}::text[]`;
    await tx.execute(sql`
      INSERT INTO trace_dead_letters (dead_letter_id, customer_id, etl_run_id, line, code, field, content, failed_at)
      SELECT id, ${customerId}, ${etlRunId}, line, code, field, content, ${at}
      FROM unnest(${texts(() => newId('dlt'))}, ${sql.param(part.map(({ line }) => line))}::bigint[], ${texts(({ code }) => code)},
        ${texts(({ field }) => storableStart(field, fieldSigns))}, ${texts(({ content }) => storableStart(content, keptLineSigns))})
        AS letters(id, line, code, field, content)`);
  }
  return some.length;
}
