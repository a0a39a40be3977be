import { sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { db } from '@/lib/platform/db';

test('the product’s role owns its database and is no superuser', async () => {
  const { rows } = await db().execute(sql`
    SELECT rolsuper, rolcreaterole, rolreplication, rolbypassrls, pg_get_userbyid(datdba) = current_user AS owner
    FROM pg_roles, pg_database WHERE rolname = current_user AND datname = current_database()`);
  expect(rows).toEqual([
    { rolsuper: false, rolcreaterole: false, rolreplication: false, rolbypassrls: false, owner: true },
  ]);
  await expect(db().execute(sql`SELECT pg_read_file('postgresql.conf')`)).rejects.toMatchObject({
    cause: { code: '42501' },
  });
});
