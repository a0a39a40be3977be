import { readdirSync } from 'node:fs';
import { sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { db } from '@/lib/platform/db';
import { migrate } from '@/lib/platform/migrate';
import { functionFiles } from '@/lib/platform/sql-functions';

type Stored = { name: string; source: string; definition: string };

/** Our functions as Postgres has them. */
async function storedFunctions(): Promise<Stored[]> {
  const { rows } = await db().execute<Stored>(sql`
    SELECT p.proname AS name, coalesce(p.prosrc, '') AS source, pg_get_functiondef(p.oid) AS definition
    FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace AND p.prokind = 'f'
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
    ORDER BY p.proname`);
  return rows;
}

test('Postgres has the functions of sql/functions and no other, none of them twice', async () => {
  expect((await storedFunctions()).map(stored => stored.name)).toEqual(
    readdirSync('sql/functions')
      .map(file => file.replace(/\.sql$/, ''))
      .sort(),
  );
});

test('the body that Postgres runs is the one in the file', async () => {
  const files = new Map(functionFiles().map(file => [file.name, file.text]));
  const bodies = (await storedFunctions()).filter(stored => stored.source !== '');
  expect(bodies.length).toBeGreaterThan(10);
  expect(bodies.filter(stored => !files.get(stored.name)?.includes(stored.source)).map(stored => stored.name)).toEqual(
    [],
  );
});

test('applying them again changes nothing', async () => {
  const before = await storedFunctions();
  await migrate(process.env.DATABASE_URL ?? '');
  expect(await storedFunctions()).toEqual(before);
});

test('a file defines the function that its name says, after a comment that says what it does', () => {
  const wrong = functionFiles().filter(
    ({ name, text }) => !text.startsWith('-- ') || !text.includes(`CREATE OR REPLACE FUNCTION ${name}(`),
  );
  expect(wrong.map(file => file.name)).toEqual([]);
});
