/** A Postgres connection that holds locks of one space as long as it lives; whatever must not happen without them goes over it. */
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { lockSpaces } from '@/lib/kernel/locks';
import { dedicatedClient } from '@/lib/platform/db';
import { isDatabaseDown } from '@/lib/platform/errors';

/** How often a lock that another session has is asked for again. */
const askAgainMs = 200;
/** Longest that Postgres may take for one of the session's statements; the connection is then taken for dead. */
const answerWithinMs = 20_000;

export type LockSession = {
  /** False once the connection is gone, and with it every lock it held. */
  alive: () => boolean;
  query: <Row extends pg.QueryResultRow>(sql: string, values?: unknown[]) => Promise<Row[]>;
  /** Takes the lock of this name unless another session has it. A session must not take the same lock twice. */
  tryLock: (name: string) => Promise<boolean>;
  /** As tryLock, asking again until `waitMs` have passed. */
  lockWithin: (name: string, waitMs: number) => Promise<boolean>;
  unlock: (name: string) => Promise<void>;
  /** Calls back at every commit that enqueued changes and says so, with its notice (lib/kernel/outbox.ts). */
  listen: (onChange: (notice: string | undefined) => void) => Promise<void>;
  close: () => Promise<void>;
};

export type SessionOptions = { connectionString?: string; answerWithinMs?: number };

/** Locks that sessions hold by name. */
type SessionLock = 'mirror' | 'ingestTable' | 'deskViews';

/**
 * Opens a session for locks of `space`. A statement without an answer in time ends it, and with it the wait for an answer
 * that may never come. Because the relay records jobs and deletes outbox rows over the connection that holds the lock,
 * one that has lost its lock can do neither, however late it wakes.
 */
export async function openSession(space: SessionLock, options: SessionOptions = {}): Promise<LockSession> {
  const client = await dedicatedClient(options.connectionString);
  const query_timeout = options.answerWithinMs ?? answerWithinMs;
  let alive = true;
  client.on('end', () => {
    alive = false;
  });
  client.on('error', () => {
    alive = false;
  });
  // One statement at a time: flushes of several tables share the connection, which takes the next when the last is done.
  let last: Promise<unknown> = Promise.resolve();
  const query = async <Row extends pg.QueryResultRow>(sql: string, values: unknown[] = []): Promise<Row[]> => {
    const answer = last.then(() => {
      if (!alive) throw new Error('the connection that holds the locks is gone');
      return client.query<Row>({ text: sql, values, query_timeout } as pg.QueryConfig);
    });
    last = answer.catch(error => {
      if (!isDatabaseDown(error)) return;
      alive = false;
      void client.end();
    });
    return (await answer).rows;
  };
  const tryLock = async (name: string): Promise<boolean> => {
    const sql = 'SELECT pg_try_advisory_lock($1, hashtext($2)) AS locked';
    return (await query<{ locked: boolean }>(sql, [lockSpaces[space], name]))[0]?.locked === true;
  };
  return {
    alive: () => alive,
    query,
    tryLock,
    lockWithin: async (name, waitMs) => {
      for (const until = Date.now() + waitMs; ; await sleep(askAgainMs)) {
        if (await tryLock(name)) return true;
        if (Date.now() > until) return false;
      }
    },
    unlock: async name => {
      if (alive) await query('SELECT pg_advisory_unlock($1, hashtext($2))', [lockSpaces[space], name]);
    },
    listen: async onChange => {
      client.on('notification', ({ payload }) => onChange(payload));
      await query('LISTEN outbox');
    },
    close: async () => {
      alive = false;
      await client.end();
    },
  };
}
