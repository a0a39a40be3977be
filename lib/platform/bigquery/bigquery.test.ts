import { expect, test } from 'vitest';
import {
  BigQueryStatementError,
  BigQueryUnavailableError,
  createBigQuery,
  runStatement,
} from '@/lib/platform/bigquery/bigquery';
import { env } from '@/lib/platform/env';

const run = (sql: string, parameters = {}) => runStatement({ name: 'test', sql, parameters });

test('every scalar type comes back as the documented JavaScript type', async () => {
  const { rows } = await run(`SELECT 'ä"' AS s, 9007199254740991 AS i, 1.5 AS f, TRUE AS b, DATE '2026-02-28' AS d,
    TIMESTAMP '2026-02-28 23:59:59.123+00' AS t, NUMERIC '12.34' AS n, FROM_BASE64('AAEC') AS y, JSON '{"a":[1,null]}' AS j, ['x','y'] AS arr,
    CAST(NULL AS TIMESTAMP) AS nothing`);
  expect(rows).toEqual([
    {
      s: 'ä"',
      i: 9007199254740991,
      f: 1.5,
      b: true,
      d: '2026-02-28',
      t: new Date('2026-02-28T23:59:59.123Z'),
      n: '12.34',
      y: Buffer.from([0, 1, 2]),
      j: { a: [1, null] },
      arr: ['x', 'y'],
      nothing: null,
    },
  ]);
});

test('parameters of every type arrive, null and empty arrays too', async () => {
  const at = new Date('2026-11-21T02:09:14.123Z');
  const { rows } = await run(
    `SELECT @s AS s, @i + 1 AS i, @d AS d, @t AS t, @b AS b, ARRAY_LENGTH(@l) AS l, ARRAY_LENGTH(@e) AS e, @n IS NULL AS n`,
    {
      s: { type: 'STRING', value: "'; DROP TABLE x; --" },
      i: { type: 'INT64', value: 41 },
      d: { type: 'DATE', value: '2026-01-31' },
      t: { type: 'TIMESTAMP', value: at },
      b: { type: 'BOOL', value: false },
      l: { type: 'ARRAY<STRING>', value: ['a', 'b'] },
      e: { type: 'ARRAY<STRING>', value: [] },
      n: { type: 'STRING', value: null },
    },
  );
  expect(rows).toEqual([{ s: "'; DROP TABLE x; --", i: 42, d: '2026-01-31', t: at, b: false, l: 2, e: 0, n: true }]);
});

test('a wrong statement is an error of ours, never an empty answer', async () => {
  await expect(run('SELECT nothing FROM nowhere.at_all')).rejects.toBeInstanceOf(BigQueryStatementError);
});

test('an unreachable BigQuery is told apart from a wrong statement', async () => {
  const nowhere = createBigQuery({ projectId: env().GOOGLE_CLOUD_PROJECT, apiUrl: 'http://127.0.0.1:9' });
  await expect(runStatement({ name: 'test', sql: 'SELECT 1' }, nowhere)).rejects.toBeInstanceOf(
    BigQueryUnavailableError,
  );
});
