/** Applies sql/migrations to Postgres, one process at a time. */
import { join } from 'node:path';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate as applyMigrations } from 'drizzle-orm/node-postgres/migrator';
import pg from 'pg';

const advisoryLock = 7_240_001;

/** Brings the schema of `databaseUrl` up to date; safe when many processes start at once. */
export async function migrate(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl, options: '-c timezone=UTC' });
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [advisoryLock]);
    await applyMigrations(drizzle(client), { migrationsFolder: join(process.cwd(), 'sql', 'migrations') });
  } finally {
    await client.end();
  }
}
