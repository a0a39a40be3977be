/** Postgres: one pool a process, transactions, and dedicated connections for session locks. */
import type { Socket } from 'node:net';
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import pg from 'pg';
import { env } from '@/lib/platform/env';
import { idleInTransactionMs } from '@/lib/platform/errors';
import { parseJson } from '@/lib/platform/exact-json';
import { log } from '@/lib/platform/log';
import { forgetProcessWide, processWide } from '@/lib/platform/process-wide';
import { inTransaction, watchConnections } from '@/lib/platform/transaction';

export type Db = NodePgDatabase;
export type Tx = Parameters<Parameters<Db['transaction']>[0]>[0];

const statementTimeoutMs = 15_000;

// The driver's own reading of JSON would round whole numbers beyond 2^53.
for (const type of [pg.types.builtins.JSON, pg.types.builtins.JSONB])
  pg.types.setTypeParser(type, text => parseJson(text));

/** Settings of Postgres for each of our sessions; those of TCP are in seconds, the others in ms. */
const sessionOptions = {
  timezone: 'UTC',
  idle_in_transaction_session_timeout: idleInTransactionMs,
  lock_timeout: 10_000,
  tcp_keepalives_idle: 10,
  tcp_keepalives_interval: 5,
  tcp_keepalives_count: 4,
  tcp_user_timeout: 30_000,
};

const connectionSettings = () => ({
  connectionString: env().DATABASE_URL,
  statement_timeout: statementTimeoutMs,
  query_timeout: statementTimeoutMs + 5_000,
  connectionTimeoutMillis: 5_000,
  // A peer that is gone without a word is noticed by both sides, so that its locks do not outlive it for hours.
  keepAlive: true,
  keepAliveInitialDelayMillis: 10_000,
  application_name: `tenantry-${process.pid}`,
  options: Object.entries(sessionOptions)
    .map(([name, value]) => `-c ${name}=${value}`)
    .join(' '),
});

/** The process's pool; DATABASE_POOL_SIZE connections. */
export const pool = (): pg.Pool =>
  processWide('pool', () => {
    const created = new pg.Pool({ ...connectionSettings(), max: env().DATABASE_POOL_SIZE, idleTimeoutMillis: 30_000 });
    created.on('error', error => log().warn({ err: error }, 'an idle database connection failed'));
    watchConnections(created);
    return created;
  });

/** Drizzle over the pool. */
export const db = (): Db =>
  processWide('db', () => {
    const open = pool();
    return Object.assign(drizzle(open), {
      transaction: ((work, settings) => inTransaction(open, work, settings)) as Db['transaction'],
    });
  });

/** Longest wait for the other side's goodbye, which one that is gone never gives. */
const goodbyeMs = 2_000;

function endInTime(client: pg.Client): () => Promise<void> {
  const end = client.end.bind(client);
  return async () => {
    // The driver gives its socket no public name.
    const { stream } = (client as unknown as { connection: { stream: Socket } }).connection;
    const cut = setTimeout(() => stream.destroy(), goodbyeMs);
    await end().finally(() => clearTimeout(cut));
  };
}

/**
 * A connection of its own, outside the pool, for session locks and LISTEN, with no limit of time on a statement.
 * The caller ends it, which takes 2 s at most. `connectionString` is DATABASE_URL unless a test names its own.
 */
export async function dedicatedClient(connectionString = env().DATABASE_URL): Promise<pg.Client> {
  const client = new pg.Client({
    ...connectionSettings(),
    connectionString,
    statement_timeout: 0,
    query_timeout: 0,
  });
  Object.assign(client, { end: endInTime(client) });
  client.on('error', error => log().warn({ err: error }, 'a dedicated database connection failed'));
  await client.connect();
  return client;
}

/** Ends the pool; part of a drain. */
export async function closeDb(): Promise<void> {
  const open = pool();
  forgetProcessWide('pool');
  forgetProcessWide('db');
  await open.end();
}
