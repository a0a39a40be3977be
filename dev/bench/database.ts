/** A database of its own beside the running one, so that measuring leaves nothing behind. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { checkoutDir } from '@/dev/stack/paths';
import { migrate } from '@/lib/platform/migrate';

const places = ['.local/demo/env.json', '.local/dev/env.json'];

export type Services = { file: string; env: Record<string, string> };

async function answers(databaseUrl: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 2_000 });
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}

/** The running local services: those TENANTRY_SERVICES names, else the demo's, else the developer's. */
export async function runningServices(): Promise<Services> {
  const named = process.env.TENANTRY_SERVICES;
  for (const file of named ? [named] : places.map(place => join(checkoutDir, place))) {
    if (!existsSync(file)) continue;
    const env = JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>;
    if (await answers(env.DATABASE_URL ?? '')) return { file, env };
  }
  throw new Error(
    'No local services are running. Start `npm run demo` or `npm run services -- --dir .local/dev` first.',
  );
}

async function administer(databaseUrl: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

/** Makes and migrates the database; `drop` removes it with everything in it. */
export async function benchDatabase(databaseUrl: string): Promise<{ url: string; drop: () => Promise<void> }> {
  const name = `tenantry_bench_${process.pid}`;
  await administer(databaseUrl, `CREATE DATABASE ${name}`);
  const url = new URL(databaseUrl);
  url.pathname = `/${name}`;
  await migrate(url.href);
  return { url: url.href, drop: () => administer(databaseUrl, `DROP DATABASE ${name} WITH (FORCE)`) };
}
