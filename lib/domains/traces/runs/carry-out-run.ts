/** The work of a run and its end, which is noted whatever becomes of the work. */
import { endEtlRun } from '@/lib/domains/traces/runs/etl-runs';
import type { Clock } from '@/lib/platform/clock';
import { db, type Tx } from '@/lib/platform/db';
import { log, messageForStaff } from '@/lib/platform/log';

type Ending<Result> = {
  clock: Clock;
  /** Why the run is to end as FAILED although the work threw nothing; null where it has done all. */
  whyFailed?: (result: Result) => string | null;
  /** Errors that leave the run RUNNING for whoever goes on with it. */
  leavesRunning?: (error: unknown) => boolean;
  /** What is written with the end as COMPLETED, in one transaction. */
  alongWith?: (tx: Tx, result: Result, at: Date) => Promise<unknown>;
};

/** Does the work of the run that was begun, and notes its end with the words of what it throws. Throws what the work throws. */
export async function carryOutRun<Result>(
  id: number,
  { clock, whyFailed = () => null, leavesRunning = () => false, alongWith }: Ending<Result>,
  work: () => Promise<Result>,
): Promise<Result> {
  const failed = (error: string) => db().transaction(tx => endEtlRun(tx, id, { state: 'FAILED', at: clock(), error }));
  try {
    const result = await work();
    const why = whyFailed(result);
    if (why !== null) await failed(why);
    else
      await db().transaction(async tx => {
        const at = clock();
        await alongWith?.(tx, result, at);
        await endEtlRun(tx, id, { state: 'COMPLETED', at });
      });
    return result;
  } catch (error) {
    // The error of the work is the one to hear of; a run that cannot be ended is ended once it has been silent for long.
    if (!leavesRunning(error))
      await failed(messageForStaff(error)).catch(err => log().warn({ err, etlRun: id }, 'a run could not be ended'));
    throw error;
  }
}
