/** The relay's own Postgres connection: it holds the locks, and whatever must not happen without them goes over it. */
import type pg from 'pg';
import { dedicatedClient } from '@/lib/platform/db';

const lockSpace = 7_240_002;

export type RelaySession = {
  /** False once the connection is gone, and with it every lock it held. */
  alive: () => boolean;
  query: <Row extends pg.QueryResultRow>(sql: string, values?: unknown[]) => Promise<Row[]>;
  /** Takes the mirror's lock unless another session has it. A session must not take the same lock twice. */
  tryLock: (mirror: string) => Promise<boolean>;
  unlock: (mirror: string) => Promise<void>;
  /** Calls back at every commit that enqueued changes. */
  listen: (onChange: () => void) => Promise<void>;
  close: () => Promise<void>;
};

/**
 * Opens a session. Because jobs are recorded and outbox rows deleted over the same connection that holds the lock,
 * a relay that has lost its lock can do neither, however late it wakes.
 */
export async function openSession(): Promise<RelaySession> {
  const client = await dedicatedClient();
  let alive = true;
  client.on('end', () => {
    alive = false;
  });
  client.on('error', () => {
    alive = false;
  });
  // One statement at a time: flushes of several mirrors share the connection, which takes the next when the last is done.
  let last: Promise<unknown> = Promise.resolve();
  const query = async <Row extends pg.QueryResultRow>(sql: string, values: unknown[] = []): Promise<Row[]> => {
    const answer = last.then(() => client.query<Row>(sql, values));
    last = answer.catch(() => undefined);
    return (await answer).rows;
  };
  return {
    alive: () => alive,
    query,
    tryLock: async mirror => {
      const sql = 'SELECT pg_try_advisory_lock($1, hashtext($2)) AS locked';
      return (await query<{ locked: boolean }>(sql, [lockSpace, mirror]))[0]?.locked === true;
    },
    unlock: async mirror => {
      if (alive) await query('SELECT pg_advisory_unlock($1, hashtext($2))', [lockSpace, mirror]);
    },
    listen: async onChange => {
      client.on('notification', onChange);
      await query('LISTEN outbox');
    },
    close: async () => {
      alive = false;
      await client.end();
    },
  };
}
