/** Runs of the jobs that bring traces in or change them, failed ones too. Source: docs/spec/001-ai-traces.md, etl_runs. */
import { eq, sql } from 'drizzle-orm';
import { etlRunsMirror } from '@/lib/domains/traces/mirror';
import type { EtlJob } from '@/lib/domains/traces/rules';
import { type EtlRun, etlRuns } from '@/lib/domains/traces/tables';
import { enqueue } from '@/lib/kernel/outbox';
import type { Db, Tx } from '@/lib/platform/db';

/** What a run reads and how; `source` is what people know it by, as `traces.jsonl`. */
export type EtlDetails = { source: string; [name: string]: unknown };
/** What a stretch of a run came to. */
export type EtlProgress = { rows: number; refused: number; assumedTimes: number };
/** Of a sign of life, or of details alone. */
export const nothingMore: EtlProgress = { rows: 0, refused: 0, assumedTimes: 0 };

/** When the run last told of itself; a run that is silent for long belongs to a process that is gone. */
const lastSign = (at: Date) => ({ last_sign_at: at.toISOString() });

async function changed(tx: Tx, rows: readonly EtlRun[]): Promise<EtlRun> {
  const [run] = rows;
  if (!run) throw new Error('the run of an ETL job is gone');
  await enqueue(tx, [etlRunsMirror.ref(run)]);
  return run;
}

/** Notes that a run begins. */
export async function beginEtlRun(
  tx: Tx,
  { customerId, job, details, at }: { customerId: string; job: EtlJob; details: EtlDetails; at: Date },
): Promise<EtlRun> {
  const run = { customerId, job, state: 'RUNNING', startedAt: at, details: { ...details, ...lastSign(at) } } as const;
  return changed(tx, await tx.insert(etlRuns).values(run).returning());
}

/** Adds what a stretch came to, and details that changed. Throws where the run is gone, with its customer. */
export async function noteEtlProgress(
  tx: Tx,
  id: number,
  { rows, refused, assumedTimes }: EtlProgress,
  { at, details = {} }: { at: Date; details?: Partial<EtlDetails> },
): Promise<EtlRun> {
  const said = JSON.stringify({ ...details, ...lastSign(at) });
  const set = {
    rowCount: sql`${etlRuns.rowCount} + ${rows}`,
    refusedCount: sql`${etlRuns.refusedCount} + ${refused}`,
    assumedTimes: sql`${etlRuns.assumedTimes} + ${assumedTimes}`,
    details: sql`${etlRuns.details} || ${said}::jsonb`,
  };
  return changed(tx, await tx.update(etlRuns).set(set).where(eq(etlRuns.id, id)).returning());
}

export type EtlEnd = { state: 'COMPLETED' | 'FAILED'; at: Date; error?: string; details?: Partial<EtlDetails> };

const longestError = 2_000;

/** Notes a run's end; one that ended before (as silent, and then went on) ends anew. */
export async function endEtlRun(tx: Tx, id: number, { state, at, error, details = {} }: EtlEnd): Promise<EtlRun> {
  const said = JSON.stringify({ ...details, ...lastSign(at) });
  const set = {
    state,
    finishedAt: at,
    error: error?.slice(0, longestError) ?? null,
    details: sql`${etlRuns.details} || ${said}::jsonb`,
  };
  return changed(tx, await tx.update(etlRuns).set(set).where(eq(etlRuns.id, id)).returning());
}

/** A customer's runs that have not ended. */
export const runningEtlRuns = (store: Db | Tx, customerId: string): Promise<EtlRun[]> =>
  store
    .select()
    .from(etlRuns)
    .where(sql`${etlRuns.customerId} = ${customerId} AND ${etlRuns.state} = 'RUNNING'`)
    .orderBy(etlRuns.id);
