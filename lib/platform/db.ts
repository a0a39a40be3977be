/** Postgres: one pool a process, transactions, and dedicated connections for session locks. */
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import pg from 'pg';
import { env } from '@/lib/platform/env';
import { log } from '@/lib/platform/log';
import { forgetProcessWide, processWide } from '@/lib/platform/process-wide';
import { inTransaction, watchConnections } from '@/lib/platform/transaction';

export type Db = NodePgDatabase;
export type Tx = Parameters<Parameters<Db['transaction']>[0]>[0];

const statementTimeoutMs = 15_000;

const connectionSettings = () => ({
  connectionString: env().DATABASE_URL,
  statement_timeout: statementTimeoutMs,
  query_timeout: statementTimeoutMs + 5_000,
  connectionTimeoutMillis: 5_000,
  application_name: `tenantry-${process.pid}`,
  options: '-c timezone=UTC -c idle_in_transaction_session_timeout=20000 -c lock_timeout=10000',
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

/** A connection of its own, outside the pool, for session locks and LISTEN. The caller ends it. */
export async function dedicatedClient(): Promise<pg.Client> {
  const client = new pg.Client({ ...connectionSettings(), statement_timeout: 0, query_timeout: 0 });
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
