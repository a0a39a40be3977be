/** A database of the test's own on the same server, for tests that damage tables or look at all rows. */
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { closeDb } from '@/lib/platform/db';
import { randomText } from '@/lib/platform/ids';
import { migrate } from '@/lib/platform/migrate';

/** Postgres' own vacuum may be at work in a database, and only a superuser may end it; it ends by itself. */
const notAllowed = '42501';
const dropTries = 100;

/** Runs `drop` until nothing of Postgres' own is in the database any more. */
async function patiently(drop: () => Promise<void>): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await drop();
    } catch (error) {
      if (!(error instanceof pg.DatabaseError) || error.code !== notAllowed || tries === dropTries) throw error;
      await sleep(100);
    }
  }
}

/** Makes and migrates it and points this process at it; call it before anything reads the environment. Answers how to drop it. */
export async function useOwnDatabase(): Promise<() => Promise<void>> {
  const shared = process.env.DATABASE_URL ?? '';
  const name = `own_${randomText(10).toLowerCase()}`;
  const own = new URL(shared);
  own.pathname = `/${name}`;
  const run = async (statement: string) => {
    const client = new pg.Client({ connectionString: shared });
    await client.connect();
    await client.query(statement).finally(() => client.end());
  };
  await run(`CREATE DATABASE ${name}`);
  await migrate(own.href);
  process.env.DATABASE_URL = own.href;
  // What the file before left under way may have connected meanwhile, to the shared one. Where nothing did, nothing is read.
  if ((globalThis as { tenantryValues?: Map<string, unknown> }).tenantryValues?.has('pool')) await closeDb();
  return async () => {
    await closeDb();
    await patiently(() => run(`DROP DATABASE ${name} WITH (FORCE)`));
  };
}
