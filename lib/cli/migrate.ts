/** `cli migrate`: brings Postgres to the schema of this version; safe from several machines at once. A new one gets a price book. */
import { bringFirstBook } from '@/lib/domains/traces/prices/first-book';
import { systemCtx } from '@/lib/kernel/ctx';
import { env } from '@/lib/platform/env';
import { migrate } from '@/lib/platform/migrate';

/** Answers exit code 0 when the schema is up to date. */
export async function bringUpToDate(): Promise<number> {
  await migrate(env().DATABASE_URL);
  console.log('Postgres is up to date.');
  const brought = await bringFirstBook(systemCtx('cli'));
  if (brought) console.log(`The price book of AI models was empty: ${brought.added} list prices are in it now.`);
  return 0;
}
