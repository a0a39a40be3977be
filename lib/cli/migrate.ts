/** `cli migrate`: brings Postgres to the schema of this version; safe from several machines at once. */
import { env } from '@/lib/platform/env';
import { migrate } from '@/lib/platform/migrate';

/** Answers exit code 0 when the schema is up to date. */
export async function bringUpToDate(): Promise<number> {
  await migrate(env().DATABASE_URL);
  console.log('Postgres is up to date.');
  return 0;
}
