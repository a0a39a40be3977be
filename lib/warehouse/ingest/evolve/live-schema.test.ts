import { expect, test } from 'vitest';
import { newTarget, notingClient, rowsOf, sendRows } from '@/dev/testing/ingest/batches';
import { bigquery, bigqueryRequest } from '@/lib/platform/bigquery/bigquery';
import { forgetSchema, keepSchema, keptSchema } from '@/lib/warehouse/ingest/evolve/live-schema';
import type { LiveTable } from '@/lib/warehouse/schemas/rest';

const minute = 60_000;

test('two loads within 5 minutes ask for the table once, one after that a second time', async () => {
  const target = newTarget();
  await sendRows(target, [{ price: 1 }]);
  forgetSchema(target);
  const { client, sent } = notingClient();
  const start = Date.now();
  const send = (minutes: number) =>
    sendRows(target, [{ price: 2 }], { client, clock: () => new Date(start + minutes * minute) });
  const reads = () => sent.filter(({ method, path }) => method === 'GET' && path.includes('/tables/')).length;
  await send(0);
  await send(4.9);
  expect(reads()).toBe(1);
  await send(5.1);
  expect(reads()).toBe(2);
  await send(9);
  expect(reads()).toBe(2);
});

test('a schema that is forgotten is read anew: a column that somebody took away is made again', async () => {
  const target = newTarget();
  await sendRows(target, [{ id: 'a', price: 1 }]);
  await bigqueryRequest(bigquery(), { method: 'DELETE', uri: `/datasets/${target.dataset}/tables/orders` });
  forgetSchema(target);
  await sendRows(target, [{ id: 'b', price: 2 }]);
  expect(await rowsOf(target, 'SELECT id, price FROM $table')).toEqual([{ id: 'b', price: 2 }]);
});

test('of tables with thousands of columns fewer are kept, so that they do not fill the memory', () => {
  const clock = () => new Date();
  const fields = Array.from({ length: 2_000 }, (_, index) => ({ name: `c${index}`, type: 'STRING' }));
  const targets = Array.from({ length: 60 }, (_, index) => newTarget(`wide_${index}`));
  for (const target of targets) keepSchema(target, { schema: { fields } } as LiveTable, clock);
  const there = targets.map(target => keptSchema(target, clock) !== null);
  expect(there.filter(Boolean).length).toBeLessThan(50);
  expect(there.at(-1)).toBe(true);
  for (const target of targets) forgetSchema(target);
});
