/** Which tables a customer's desk has, by what Postgres knows of its event sources. */
import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { insertSource, insertTable, type TestSource } from '@/dev/testing/events/sources';
import { createWorld, type World } from '@/dev/testing/world';
import { catalogOf } from '@/lib/domains/desk/catalog/catalog';
import { baseTables, deskDatasetOf } from '@/lib/domains/desk/catalog/desk-dataset';
import { deskTables } from '@/lib/domains/desk/catalog/desk-tables';
import { eventTableName } from '@/lib/domains/desk/catalog/event-tables';
import { fixedTables } from '@/lib/domains/desk/catalog/fixed-tables';
import { listTables } from '@/lib/domains/desk/catalog/list-tables';
import { mostListedColumns } from '@/lib/domains/desk/rules';
import { eventSources } from '@/lib/domains/events/tables';
import { db } from '@/lib/platform/db';
import { env } from '@/lib/platform/env';
import { newId } from '@/lib/platform/ids';
import { agentDatasetOf } from '@/lib/warehouse/agent-dataset';
import { ingestColumns, ingestTables } from '@/lib/warehouse/ingest/tables';

const project = () => env().GOOGLE_CLOUD_PROJECT;
const columns = { id: 'STRING', received_at: 'TIMESTAMP', total: 'FLOAT64' } as const;
const eventNames = async ({ system }: World) =>
  (await deskTables(system)).filter(({ group }) => group === 'events').map(({ name }) => name);
const named = ({ dataset }: TestSource, table: string) => eventTableName(dataset, table);
const tableOf = async ({ system }: World, name: string) =>
  (await deskTables(system)).find(table => table.name === name);

test('a customer without events has the fixed tables, by group and name', async () => {
  const { system } = await createWorld();
  const tables = await deskTables(system);
  expect(tables).toHaveLength(fixedTables().length);
  expect(tables.map(({ group }) => group)).toEqual([
    ...Array(4).fill('metadata'),
    ...Array(6).fill('ai-usage'),
    ...Array(3).fill('agent-log'),
  ]);
  const usage = tables.filter(({ group }) => group === 'ai-usage').map(({ name }) => name);
  expect(usage).toEqual(usage.toSorted());
});

test('a table of an event source has the columns that it was loaded with, described where they are known', async () => {
  const world = await createWorld();
  const source = await insertSource(world, { sourceName: 'Web Shop' });
  await insertTable(source, 'order_completed', { ...columns, context_page_url: 'STRING', event: 'STRING' });
  const table = await tableOf(world, named(source, 'order_completed'));
  expect(table).toMatchObject({ group: 'events', partitionColumn: 'received_at' });
  expect(table?.description).toContain('Web Shop');
  expect(table?.columns).toEqual([
    { name: 'id', type: 'STRING', repeated: false, description: 'Unique message id of the event.' },
    { name: 'received_at', type: 'TIMESTAMP', repeated: false, description: 'When the event was received.' },
    { name: 'event', type: 'STRING', repeated: false, description: 'Name of the event as its table is named.' },
    { name: 'context_page_url', type: 'STRING', repeated: false, description: 'Sent in the context of the call.' },
    { name: 'total', type: 'FLOAT64', repeated: false, description: 'Sent with the call.' },
  ]);
});

test('of columns that somebody made by hand, those with odd names or types are left out', async () => {
  const world = await createWorld();
  const source = await insertSource(world, { sourceName: 'Odd' });
  await insertTable(source, 'tracks', columns);
  const odd = {
    'größe` FROM x': 'STRING',
    'with blank': 'STRING',
    place: 'GEOGRAPHY',
    parts: 'STRUCT',
    at: 'TIMESTAMP',
  };
  const rows = Object.entries(odd).map(([columnName, type]) => ({ columnName, type }));
  await db()
    .insert(ingestColumns)
    .values(rows.map(row => ({ ...row, dataset: source.dataset, tableName: 'tracks' })));
  const names = (await tableOf(world, named(source, 'tracks')))?.columns.map(({ name }) => name);
  expect(names).toEqual(['id', 'received_at', 'at', 'total']);
});

test('a table that has not been loaded yet, and one whose name no statement could quote, are none', async () => {
  const world = await createWorld();
  const source = await insertSource(world, { sourceName: 'New' });
  await insertTable(source, 'pages', columns);
  await insertTable(source, 'x` UNION SELECT 1; --', columns);
  const { dataset, customerId } = source;
  await db().insert(ingestTables).values({ dataset, tableName: 'screens', log: 'events', customerId, mode: 'append' });
  expect(await eventNames(world)).toEqual([named(source, 'pages')]);
});

const eventBasesOf = async ({ system }: World) =>
  (await catalogOf(system))
    .filter(({ table }) => table.group === 'events')
    .map(({ table, base }) => [table.name, base]);

test('names are unique and stay: neither a later source nor the end of an earlier one changes what a name reads', async () => {
  const world = await createWorld();
  const day = (number: number) => new Date(Date.UTC(2031, 0, number));
  const word = `shop_${newId('src').slice(4).toLowerCase()}`;
  const first = await insertSource(world, { dataset: word });
  await insertTable(first, 'web_tracks', columns, day(1));
  const second = await insertSource(world, { dataset: `${word}_web` });
  await insertTable(second, 'tracks', columns, day(2));
  const name = `events_${word}_web_tracks`;
  expect(await eventBasesOf(world)).toEqual([
    [name, `${project()}.${first.dataset}.web_tracks`],
    [`${name}_2`, `${project()}.${second.dataset}.tracks`],
  ]);
  await db().update(eventSources).set({ deletedAt: new Date() }).where(eq(eventSources.sourceId, first.sourceId));
  expect(await eventBasesOf(world)).toEqual([[`${name}_2`, `${project()}.${second.dataset}.tracks`]]);
});

test('a source that is renamed keeps its tables’ names, and one that takes its old name gets others', async () => {
  const world = await createWorld();
  const first = await insertSource(world, { sourceName: 'Shop' });
  await insertTable(first, 'tracks', columns);
  await db().update(eventSources).set({ sourceName: 'Old shop' }).where(eq(eventSources.sourceId, first.sourceId));
  const second = await insertSource(world, { sourceName: 'Shop' });
  await insertTable(second, 'tracks', columns);
  expect(await eventBasesOf(world)).toEqual(
    [first, second]
      .map(source => [named(source, 'tracks'), `${project()}.${source.dataset}.tracks`])
      .toSorted(([a = ''], [b = '']) => (a < b ? -1 : 1)),
  );
  expect((await tableOf(world, named(first, 'tracks')))?.description).toContain('“Old shop”');
});

test('a list of very many event columns tells names alone, and a table that is asked for has its columns', async () => {
  const world = await createWorld();
  const source = await insertSource(world);
  const many = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, at) => [`c${at}`, 'INT64' as const]));
  await insertTable(source, 'wide', many(mostListedColumns));
  const ctx = world.as('COLLABORATOR');
  const wide = named(source, 'wide');
  const listed = async (input: object) =>
    (await listTables(ctx, input)).map(({ name, columns: { length } }) => [name, length]);
  expect(await listed({})).toContainEqual([wide, mostListedColumns]);
  await insertTable(source, 'one_more', many(1));
  const all = await listed({});
  expect(all).toContainEqual([wide, 0]);
  expect(all).toContainEqual([named(source, 'one_more'), 0]);
  expect(all.find(([name]) => name === 'commits')?.[1]).toBeGreaterThan(0);
  expect(await listed({ table: ` ${wide.toUpperCase()} ` })).toEqual([[wide, mostListedColumns]]);
  expect(await listed({ table: 'nothing_here' })).toEqual([]);
  await expect(listTables(world.as('VIEWER'), { table: wide })).rejects.toMatchObject({ code: 'forbidden' });
});

test('what a query may touch is the customer’s views and the tables beneath them, of no other customer', async () => {
  const [world, other] = [await createWorld(), await createWorld()];
  const [mine, foreign] = [await insertSource(world, { sourceName: 'Mine' }), await insertSource(other)];
  for (const source of [mine, foreign]) await insertTable(source, 'tracks', columns);
  const { tenantDatasetId, system } = world;
  const allowed = await baseTables(system);
  const desk = deskDatasetOf(tenantDatasetId);
  for (const name of [
    `${desk}.commits`,
    `${tenantDatasetId}.commits`,
    `${desk}.tool_executions`,
    `${agentDatasetOf(tenantDatasetId)}.chat_events`,
    `${desk}.${named(mine, 'tracks')}`,
    `${mine.dataset}.tracks`,
  ])
    expect(allowed, name).toContain(`${project()}.${name}`);
  const datasets = new Set([...allowed].map(name => name.split('.')[1]));
  expect([...datasets].toSorted()).toEqual(
    [desk, tenantDatasetId, agentDatasetOf(tenantDatasetId), mine.dataset].toSorted(),
  );
  for (const hidden of ['api_keys', 'etag_state', 'etl_runs'])
    expect(allowed).not.toContain(`${project()}.${tenantDatasetId}.${hidden}`);
});
