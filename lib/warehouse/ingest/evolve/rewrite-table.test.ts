/** A table that is written anew is whole wherever a process ends meanwhile. */
import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { newTarget, notingClient, rowsOf, sendRows } from '@/dev/testing/ingest/batches';
import { BigQueryUnavailableError, bigquery } from '@/lib/platform/bigquery/bigquery';
import { db } from '@/lib/platform/db';
import { forgetSchema } from '@/lib/warehouse/ingest/evolve/live-schema';
import { ingestColumns, ingestRewrites, ingestSchemaChanges } from '@/lib/warehouse/ingest/tables';
import { getTable } from '@/lib/warehouse/schemas/rest';

/** A client whose requests that match do their work, or do not, and then have no answer. */
function cutClient(matches: (path: string, body: string) => boolean, isDone: boolean) {
  const { client } = notingClient();
  const request = client.authClient.request.bind(client.authClient);
  client.authClient.request = async options => {
    if (!matches(String(options.url), JSON.stringify(options.data ?? ''))) return request(options);
    if (isDone) await request(options);
    throw new Error('the connection was cut');
  };
  return client;
}
const isRewrite = (path: string, body: string) => path.endsWith('/jobs') && body.includes('CREATE OR REPLACE TABLE');
const isPatch = (path: string, body: string) => path.endsWith('/tables/orders') && body.includes('"clustering"');

const rewritesOf = (dataset: string) => db().select().from(ingestRewrites).where(eq(ingestRewrites.dataset, dataset));

test.each([
  { when: 'before BigQuery heard of it', client: cutClient(isRewrite, false) },
  { when: 'after BigQuery did it, before its answer came', client: cutClient(isRewrite, true) },
  { when: 'before its partitions, descriptions and labels were put back', client: cutClient(isPatch, false) },
])('a process that ends $when leaves a table that the next one brings to what it should be', async ({ client }) => {
  const target = newTarget();
  await sendRows(target, [{ id: 'a', price: 1.5 }]);
  await expect(sendRows(target, [{ id: 'b', price: 'x' }], { client })).rejects.toBeInstanceOf(
    BigQueryUnavailableError,
  );
  expect(await rewritesOf(target.dataset)).toHaveLength(1);
  // The next process knows nothing of what this one read.
  forgetSchema(target);
  await sendRows(target, [{ id: 'b', price: 'x' }]);
  expect(await rewritesOf(target.dataset)).toEqual([]);
  expect(await rowsOf(target, 'SELECT id, price FROM $table ORDER BY id')).toEqual([
    { id: 'a', price: '1.5' },
    { id: 'b', price: 'x' },
  ]);
  expect(await getTable(bigquery(), target.dataset, 'orders')).toMatchObject({
    description: 'A table of a test.',
    labels: { log: 'events' },
    timePartitioning: { type: 'DAY', field: 'received_at' },
    clustering: { fields: ['id'] },
  });
  const [column] = await db()
    .select()
    .from(ingestColumns)
    .where(eq(ingestColumns.dataset, target.dataset))
    .then(rows => rows.filter(row => row.columnName === 'price'));
  expect(column?.type).toBe('STRING');
});

test('the history of a table says when it was made, what was added, widened and written anew', async () => {
  const target = newTarget();
  await sendRows(target, [{ price: 1 }]);
  await sendRows(target, [{ price: 1.5, coupon: 'a' }]);
  await sendRows(target, [{ price: 'x' }]);
  const changes = await db()
    .select()
    .from(ingestSchemaChanges)
    .where(eq(ingestSchemaChanges.dataset, target.dataset))
    .orderBy(ingestSchemaChanges.changedAt);
  const told = changes.map(({ kind, columnName, fromType, toType }) => [kind, columnName, fromType, toType].join(' '));
  expect(new Set(told)).toEqual(
    new Set([
      'table_created   ',
      'column_added price  INT64',
      'column_added coupon  STRING',
      'column_widened price INT64 FLOAT64',
      'table_rewritten price FLOAT64 STRING',
    ]),
  );
});

test('a refused statement changes nothing: the value goes to the discards and the row is loaded', async () => {
  const target = newTarget();
  await sendRows(target, [{ id: 'a', price: 1 }]);
  const { client } = notingClient();
  const request = client.authClient.request.bind(client.authClient);
  // What the service answers where the statement would read more than the cap lets it.
  client.authClient.request = async options => {
    const data = options.data as { configuration?: { query?: { query: string } } } | undefined;
    const query = data?.configuration?.query;
    if (query?.query.startsWith('CREATE OR REPLACE')) query.query = 'SELECT * FROM nothing.there';
    return request(options);
  };
  const prepared = await sendRows(
    target,
    [
      { id: 'b', price: 'x' },
      { id: 'c', price: 2.5 },
    ],
    { client },
  );
  expect(prepared.discards).toMatchObject([{ column: 'price', valueType: 'STRING', columnType: 'FLOAT64' }]);
  expect(await rowsOf(target, 'SELECT id, price FROM $table ORDER BY id')).toEqual([
    { id: 'a', price: 1 },
    { id: 'b', price: null },
    { id: 'c', price: 2.5 },
  ]);
  expect(await rewritesOf(target.dataset)).toEqual([]);
});
