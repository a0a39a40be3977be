/** Brings Postgres to the schema of this version: sql/migrations, then every function of sql/functions, one process at a time. */
import { join } from 'node:path';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate as applyMigrations } from 'drizzle-orm/node-postgres/migrator';
import pg from 'pg';
import { functionFiles } from '@/lib/platform/sql-functions';

export const migrationLock = 7_240_001;
const duplicateTable = '42P07';

/** One transaction: either all functions are those of this version, or none changed. */
async function applyFunctions(client: pg.Client): Promise<void> {
  await client.query('BEGIN');
  try {
    for (const { text } of functionFiles()) await client.query(text);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
}

/** Until the first release the one migration is remade: a store of an earlier day cannot be brought along. */
function explained(error: unknown): unknown {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  if ((cause as { code?: string }).code !== duplicateTable) return error;
  return new Error('This database was made by an unreleased version; start with an empty one (demo: --reset).', {
    cause: error,
  });
}

/**
 * Brings the schema of `databaseUrl` up to date; safe when many processes start at once. Throws a sentence where the
 * database is one of an unreleased version.
 */
export async function migrate(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl, options: '-c timezone=UTC' });
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [migrationLock]);
    await applyMigrations(drizzle(client), { migrationsFolder: join(process.cwd(), 'sql', 'migrations') });
    await applyFunctions(client);
  } catch (error) {
    throw explained(error);
  } finally {
    await client.end();
  }
}
