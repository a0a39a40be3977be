import { sql } from 'drizzle-orm';
import pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Wire } from '@/dev/testing/wire';
import { env } from '@/lib/platform/env';
import { isDatabaseDown } from '@/lib/platform/errors';
import { inTransaction, watchConnections } from '@/lib/platform/transaction';

let wire: Wire;
let pool: pg.Pool;

beforeEach(async () => {
  wire = new Wire(env().DATABASE_URL);
  pool = new pg.Pool({
    connectionString: await wire.listen(),
    max: 1,
    query_timeout: 300,
    connectionTimeoutMillis: 2_000,
  });
  pool.on('error', () => undefined);
  watchConnections(pool);
  await pool.query('SELECT 1');
});

afterEach(async () => {
  wire.close();
  await pool.end();
});

const one = () => inTransaction(pool, async tx => (await tx.execute(sql`SELECT 1 AS one`)).rows);

test('a transaction gives its answer, and its connection back', async () => {
  expect(await one()).toEqual([{ one: 1 }]);
  expect(await one()).toEqual([{ one: 1 }]);
  expect(pool.totalCount).toBe(1);
});

test('a refused transaction throws its own error and gives its connection back', async () => {
  const refusal = new Error('no');
  await expect(inTransaction(pool, () => Promise.reject(refusal))).rejects.toBe(refusal);
  expect(await one()).toEqual([{ one: 1 }]);
});

test('a BEGIN that is not answered costs no place in the pool', async () => {
  wire.freeze();
  await expect(one()).rejects.toSatisfy(isDatabaseDown);
  wire.thaw();
  expect(await one()).toEqual([{ one: 1 }]);
});

test('a statement that is not answered fails once, and nothing later joins its transaction', async () => {
  await pool.query('CREATE TABLE IF NOT EXISTS transaction_test (id int)');
  await pool.query('TRUNCATE transaction_test');
  const startedAt = performance.now();
  const cut = inTransaction(pool, async tx => {
    await tx.execute(sql`INSERT INTO transaction_test VALUES (1)`);
    wire.freeze();
    await tx.execute(sql`INSERT INTO transaction_test VALUES (2)`);
  });
  await expect(cut).rejects.toSatisfy(isDatabaseDown);
  expect(performance.now() - startedAt).toBeLessThan(550);
  wire.thaw();
  await inTransaction(pool, tx => tx.execute(sql`INSERT INTO transaction_test VALUES (3)`));
  expect((await pool.query('SELECT id FROM transaction_test ORDER BY id')).rows).toEqual([{ id: 3 }]);
  await pool.query('DROP TABLE transaction_test');
});

test('a session ended by the server in a transaction ends neither the process nor the pool', async () => {
  const killer = new pg.Client({ connectionString: env().DATABASE_URL });
  await killer.connect();
  const cut = inTransaction(pool, async tx => {
    const { rows } = await tx.execute<{ pid: number }>(sql`SELECT pg_backend_pid() AS pid`);
    await killer.query('SELECT pg_terminate_backend($1)', [rows[0]?.pid]);
    await new Promise(resolve => setTimeout(resolve, 50));
    await tx.execute(sql`SELECT 1`);
  });
  await expect(cut).rejects.toSatisfy(isDatabaseDown);
  await killer.end();
  expect(await one()).toEqual([{ one: 1 }]);
});
