/** Transactions that survive a connection's bad end: it is closed and never used again, and the caller hears the first error. */
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import type pg from 'pg';
import { isDatabaseDown } from '@/lib/platform/errors';

type Db = NodePgDatabase;
type Work<Result> = (tx: Parameters<Parameters<Db['transaction']>[0]>[0]) => Promise<Result>;
type Settings = Parameters<Db['transaction']>[1];

/** Watches each connection of the pool while it is lent out, when the pool itself does not. */
export function watchConnections(pool: pg.Pool): void {
  pool.on('connect', client => {
    // Without a listener the end of a lent connection would end the process; whoever has it hears of it by its query.
    client.on('error', () => undefined);
    const query = client.query.bind(client) as (...given: unknown[]) => unknown;
    const watched = (...given: unknown[]) => {
      const answer = query(...given);
      // A query that timed out still runs: what is sent after it would wait for it, and might join its transaction.
      if (answer instanceof Promise) {
        answer.catch(error => {
          if (isDatabaseDown(error)) (client as unknown as pg.Client).end().catch(() => undefined);
        });
      }
      return answer;
    };
    Object.assign(client, { query: watched });
  });
}

/**
 * Runs `work` in a transaction. Unlike drizzle's own over a pool, it gives the connection back also when BEGIN fails,
 * never gives back one with an open transaction, and throws what went wrong first rather than the failed ROLLBACK.
 */
export async function inTransaction<Result>(pool: pg.Pool, work: Work<Result>, settings?: Settings): Promise<Result> {
  const client = await pool.connect();
  let first: unknown;
  try {
    return await drizzle(client).transaction(async tx => {
      try {
        return await work(tx);
      } catch (error) {
        first = error;
        throw error;
      }
    }, settings);
  } catch (error) {
    throw first ?? error;
  } finally {
    client.release(client.getTransactionStatus() !== 'I');
  }
}
