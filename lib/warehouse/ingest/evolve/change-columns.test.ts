/** What is sent to change a table: to the service one statement for all new columns, within its rate of changes. */
import type { BigQuery } from '@google-cloud/bigquery';
import { PassThroughClient } from 'google-auth-library';
import { expect, test } from 'vitest';
import { newTarget, notingClient, rowsOf, sendRows } from '@/dev/testing/ingest/batches';
import { createBigQuery } from '@/lib/platform/bigquery/bigquery';
import { addColumns, widenColumns } from '@/lib/warehouse/ingest/evolve/change-columns';

/** A client of the service whose requests go nowhere: each is noted and answered as done. */
function serviceClient(): { client: BigQuery; statements: string[] } {
  const client = createBigQuery({ projectId: 'a-project' });
  const statements: string[] = [];
  const authClient = new PassThroughClient();
  authClient.request = async options => {
    statements.push((options.data as { query: string }).query);
    return { data: { jobComplete: true } } as never;
  };
  Object.assign(client, { authClient });
  return { client, statements };
}

test('all new columns of a batch are one change of the table', async () => {
  const { client, statements } = serviceClient();
  const target = { dataset: 'web', tableName: 'orders' };
  await addColumns(client, target, [
    { name: 'price', type: 'INT64' },
    { name: 'coupon', type: 'STRING' },
  ]);
  expect(statements).toEqual([
    'ALTER TABLE `web`.`orders` ADD COLUMN IF NOT EXISTS `price` INT64, ADD COLUMN IF NOT EXISTS `coupon` STRING',
  ]);
});

test('a fifth change of a table within 10 seconds waits; another table does not', async () => {
  const { client, statements } = serviceClient();
  const widen = (tableName: string, count: number) =>
    widenColumns(
      client,
      { dataset: 'web', tableName },
      Array.from({ length: count }, (_, index) => ({ name: `c${index}`, from: 'INT64', to: 'FLOAT64' as const })),
    );
  const waiting = widen('orders_of_a_day', 5);
  await widen('refunds_of_a_day', 1);
  const first = await Promise.race([
    waiting.then(() => 'all'),
    new Promise(resolve => setTimeout(resolve, 300, 'some')),
  ]);
  expect(first).toBe('some');
  expect(statements.filter(sql => sql.includes('orders_of_a_day'))).toEqual(
    [0, 1, 2, 3].map(
      index => `ALTER TABLE \`web\`.\`orders_of_a_day\` ALTER COLUMN \`c${index}\` SET DATA TYPE FLOAT64`,
    ),
  );
  expect(statements.filter(sql => sql.includes('refunds_of_a_day'))).toHaveLength(1);
});

test('a column that BigQuery refuses keeps back neither the others nor the rows', async () => {
  const target = newTarget();
  await sendRows(target, [{ id: 'a', price: 1 }]);
  const { client, sent } = notingClient();
  const request = client.authClient.request.bind(client.authClient);
  client.authClient.request = async options => {
    const data = options.data as { query?: string } | undefined;
    if (data?.query?.includes('`refused`')) data.query = 'ALTER TABLE';
    return request(options);
  };
  const prepared = await sendRows(target, [{ id: 'b', one: 1, two: 2, refused: 3, four: 4, five: 5 }], { client });
  expect(prepared.discards).toMatchObject([{ column: 'refused', reason: 'reserved_name', values: [{ value: '3' }] }]);
  expect(await rowsOf(target, "SELECT one, two, four, five FROM $table WHERE id = 'b'")).toEqual([
    { one: 1, two: 2, four: 4, five: 5 },
  ]);
  expect(sent.filter(({ body }) => body.includes('ALTER TABLE')).length).toBeLessThanOrEqual(7);
});
