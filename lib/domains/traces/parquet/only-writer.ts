/** The lock of a dataset's traces: the loader and imports of files write its Parquet files and tables one at a time. */
import type { LockSession } from '@/lib/kernel/lock-session';
import { tableKey } from '@/lib/warehouse/ingest/spool/new-chunk';

/** Does the work as the dataset's only writer; waits for the one before. Throws where the session is gone. */
export async function asOnlyWriter<Result>(
  session: LockSession,
  dataset: string,
  work: (mayReplace: () => void) => Promise<Result>,
): Promise<Result> {
  const key = tableKey({ dataset, tableName: 'sessions' });
  await session.lockWithin(key, Number.POSITIVE_INFINITY);
  try {
    return await work(() => {
      if (!session.alive()) throw new Error('the connection that holds the locks is gone');
    });
  } finally {
    await session.unlock(key);
  }
}
