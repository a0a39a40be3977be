/** A new column's default reaches the rows that were there before it, whatever cuts the work off. */
import { randomBytes } from 'node:crypto';
import type { BigQuery } from '@google-cloud/bigquery';
import { afterAll, expect, test, vi } from 'vitest';
import { bigqueryRequest, createBigQuery } from '@/lib/platform/bigquery/bigquery';
import { type ApplyOptions, applyDefinitions } from '@/lib/warehouse/schemas/apply';
import { parseDefinition, type TableDefinition } from '@/lib/warehouse/schemas/definition';
import { planSchemas } from '@/lib/warehouse/schemas/plan';
import { getTable, runDdl, selectRows } from '@/lib/warehouse/schemas/rest';

const location = 'US';
const newClient = (): BigQuery =>
  createBigQuery({
    projectId: process.env.GOOGLE_CLOUD_PROJECT ?? 'tenantry-local',
    apiUrl: process.env.BIGQUERY_API_URL,
  });
const client = newClient();
const used: string[] = [];

type Column = { name: string; type: string; mode?: string; default?: string };
const tableOf = (partition: string | null, columns: Column[]): TableDefinition =>
  parseDefinition('things', {
    description: 'Things that these tests keep in a table.',
    ...(partition ? { partitioning: { field: 'made', type: 'DAY', requirePartitionFilter: true } } : {}),
    primaryKey: ['id'],
    labels: { tier: 'core' },
    fields: [
      { name: 'id', type: 'STRING', mode: 'REQUIRED' },
      { name: 'made', type: partition ?? 'DATE', mode: 'REQUIRED' },
      ...columns.map(column => ({ mode: 'NULLABLE', ...column })),
    ].map(field => ({ ...field, description: `The column ${field.name} of a thing.` })),
  });
const colour = { name: 'colour', type: 'STRING', default: "'blue'" };

const apply = (dataset: string, definition: TableDefinition, options: Partial<ApplyOptions> = {}, by = client) =>
  applyDefinitions(by, { dataset, location, definitions: [definition], description: 'Made by a test.', ...options });
const days = ['2024-01-05', '2024-03-01', '2024-09-30', '2025-12-31'];

/** A dataset with one row on each day, made before the column was known. */
async function withOlderRows(partition: string | null): Promise<string> {
  const dataset = `backfill_${randomBytes(5).toString('hex')}`;
  used.push(dataset);
  await apply(dataset, tableOf(partition, []));
  const type = partition ?? 'DATE';
  const rows = days.map(day => `('${day}', ${type} '${day}${type === 'DATE' ? '' : ' 23:59:59.999'}')`);
  await runDdl(client, `INSERT INTO ${dataset}.things (id, made) VALUES ${rows.join(', ')}`, location);
  return dataset;
}
const colours = (dataset: string) =>
  selectRows(client, `SELECT id, colour FROM ${dataset}.things ORDER BY id`, location);
const planned = async (dataset: string, definition: TableDefinition) =>
  (await planSchemas(client, { dataset, location, definitions: [definition] })).map(({ kind }) => kind);

/** A client that notes the UPDATE statements sent and fails from that one on. */
function watched(failFrom = Number.POSITIVE_INFINITY) {
  const by = newClient();
  const updates: string[] = [];
  const request = by.authClient.request.bind(by.authClient);
  vi.spyOn(by.authClient, 'request').mockImplementation(options => {
    const sql = String((options.data as { query?: string } | undefined)?.query ?? '');
    if (!sql.startsWith('UPDATE')) return request(options);
    if (updates.length + 1 >= failFrom) return Promise.reject(new Error('the process was killed'));
    updates.push(sql);
    return request(options);
  });
  return { by, updates };
}

afterAll(async () => {
  const remove = (dataset: string) =>
    bigqueryRequest(client, { method: 'DELETE', uri: `/datasets/${dataset}`, qs: { deleteContents: true } });
  await Promise.all(used.map(remove));
});

test.each(['TIMESTAMP', 'DATE', null])(
  'rows of every partition (by %s) get the default, later ones and those of old writers too, and nothing is left to do',
  async partition => {
    const dataset = await withOlderRows(partition);
    const definition = tableOf(partition, [colour]);
    expect(await planned(dataset, definition)).toEqual(['add_column', 'backfill']);
    const changes = await apply(dataset, definition);
    expect(changes.map(({ detail }) => detail)).toEqual(['add STRING', "4 older rows got the default 'blue'"]);
    await runDdl(client, `INSERT INTO ${dataset}.things (id, made) VALUES ('z', '2026-01-01')`, location);
    expect(await colours(dataset)).toEqual([...days, 'z'].map(id => ({ id, colour: 'blue' })));
    expect(await planned(dataset, definition)).toEqual([]);
    expect((await getTable(client, dataset, 'things'))?.labels).toEqual({ tier: 'core' });
  },
);

test('the statements sent name neighbouring partitions and only rows without a value, and a required filter is met', async () => {
  const dataset = await withOlderRows('TIMESTAMP');
  const { by, updates } = watched();
  await apply(dataset, tableOf('TIMESTAMP', [colour]), {}, by);
  const statement = (from: string, until: string) =>
    `UPDATE \`${dataset}\`.\`things\` SET \`colour\` = 'blue' WHERE \`made\` >= TIMESTAMP '${from}' AND \`made\` < TIMESTAMP '${until}' AND \`colour\` IS NULL`;
  expect(updates).toEqual([
    statement('2024-01-05', '2024-03-02'),
    statement('2024-09-30', '2024-10-01'),
    statement('2025-12-31', '2026-01-01'),
  ]);
});

test('a fill cut off in the middle is told by plan and goes on where it stopped', async () => {
  const dataset = await withOlderRows('DATE');
  const definition = tableOf('DATE', [colour]);
  const killed = watched(2);
  await expect(apply(dataset, definition, {}, killed.by)).rejects.toThrow('the process was killed');
  expect((await colours(dataset)).map(row => row.colour)).toEqual(['blue', 'blue', null, null]);
  expect(await planned(dataset, definition)).toEqual(['backfill']);
  const second = watched();
  await apply(dataset, definition, {}, second.by);
  expect(second.updates).toHaveLength(2);
  expect((await colours(dataset)).map(row => row.colour)).toEqual(days.map(() => 'blue'));
  expect(await planned(dataset, definition)).toEqual([]);
});

test('told to stop it ends between two statements, and says how far it came meanwhile', async () => {
  const dataset = await withOlderRows('DATE');
  const definition = tableOf('DATE', [colour]);
  const stop = new AbortController();
  const lines: string[] = [];
  const onProgress = (line: string) => {
    lines.push(line);
    stop.abort();
  };
  await expect(apply(dataset, definition, { signal: stop.signal, onProgress })).rejects.toThrow(/abort/i);
  expect(lines).toEqual([`${dataset}.things.colour: 2 of 4 older rows have the default`]);
  await apply(dataset, definition);
  expect((await colours(dataset)).map(row => row.colour)).toEqual(days.map(() => 'blue'));
});

test('a value that is there, and an explicit NULL written later, are not touched', async () => {
  const dataset = await withOlderRows('DATE');
  const definition = tableOf('DATE', [colour]);
  await apply(dataset, definition);
  await runDdl(client, `UPDATE ${dataset}.things SET colour = 'red' WHERE id = '2024-03-01'`, location);
  await runDdl(client, `UPDATE ${dataset}.things SET colour = NULL WHERE id = '2024-09-30'`, location);
  await apply(dataset, tableOf('DATE', [colour, { name: 'size', type: 'INT64', default: '7' }]));
  expect(await selectRows(client, `SELECT colour, size FROM ${dataset}.things ORDER BY id`, location)).toEqual(
    ['blue', 'red', null, 'blue'].map(value => ({ colour: value, size: 7 })),
  );
});

test('a running process adds the column and notes what is left, so that an operator fills it', async () => {
  const dataset = await withOlderRows('DATE');
  const definition = tableOf('DATE', [colour]);
  const { by, updates } = watched();
  await apply(dataset, definition, { additiveOnly: true }, by);
  expect(updates).toEqual([]);
  expect(await planned(dataset, definition)).toEqual(['backfill']);
  await apply(dataset, definition);
  expect((await colours(dataset)).map(row => row.colour)).toEqual(days.map(() => 'blue'));
});
