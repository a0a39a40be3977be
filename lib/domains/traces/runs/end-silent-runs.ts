/** Ends runs that nobody ends: those of requests after their hour, and those whose process is gone. */
import { eq } from 'drizzle-orm';
import { endEtlRun } from '@/lib/domains/traces/runs/etl-runs';
import { receiveRunMs } from '@/lib/domains/traces/runs/receive-run';
import { type EtlRun, etlRuns } from '@/lib/domains/traces/tables';
import { takeLocks } from '@/lib/kernel/locks';
import type { Clock } from '@/lib/platform/clock';
import { db } from '@/lib/platform/db';

/** Longest that a run may be silent and still be taken for running. */
const silentMs = 3_600_000;

/** How the run is to end now; null while it may go on. */
function endOf(
  { job, startedAt, details }: EtlRun,
  at: Date,
): { state: 'COMPLETED' | 'FAILED'; error?: string } | null {
  if (job === 'receive-traces')
    return at.getTime() - startedAt.getTime() >= receiveRunMs ? { state: 'COMPLETED' } : null;
  const lastSign = new Date(String((details as { last_sign_at?: unknown }).last_sign_at ?? startedAt.toISOString()));
  if (at.getTime() - lastSign.getTime() < silentMs) return null;
  return { state: 'FAILED', error: 'The process that ran it ended before the run did.' };
}

/** Ends them, each in a transaction of its own under its customer's lock; answers how many completed and how many failed. */
export async function endSilentRuns(clock: Clock): Promise<{ completed: number; failed: number }> {
  const at = clock();
  const ended = { completed: 0, failed: 0 };
  const running = await db().select().from(etlRuns).where(eq(etlRuns.state, 'RUNNING'));
  for (const { id, customerId } of running.filter(run => endOf(run, at))) {
    await db().transaction(async tx => {
      await takeLocks(tx, 'etlRun', [customerId]);
      const [run] = await tx.select().from(etlRuns).where(eq(etlRuns.id, id)).for('update');
      const end = run?.state === 'RUNNING' ? endOf(run, at) : null;
      if (!end) return;
      await endEtlRun(tx, id, { ...end, at });
      ended[end.state === 'COMPLETED' ? 'completed' : 'failed']++;
    });
  }
  return ended;
}
