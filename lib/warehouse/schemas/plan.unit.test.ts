/** Each difference between a live table and its definition, and what becomes of it. */
import { expect, test } from 'vitest';
import { loadDefinitions, parseDefinition } from '@/lib/warehouse/schemas/definition';
import { compareTable } from '@/lib/warehouse/schemas/plan';
import { newTable, patchedTable } from '@/lib/warehouse/schemas/resource';
import type { LiveField, LiveTable } from '@/lib/warehouse/schemas/rest';

const keepsAll = () => true;
const definition = parseDefinition('things', {
  description: 'Things that this test compares.',
  partitioning: { field: 'made_at', type: 'DAY', expirationMs: 86_400_000, requirePartitionFilter: true },
  clustering: ['id'],
  primaryKey: ['id'],
  labels: { tier: 'core' },
  fields: [
    { name: 'id', type: 'STRING', mode: 'REQUIRED', description: 'Identifier of it.', policyTag: 'customer-data' },
    { name: 'made_at', type: 'TIMESTAMP', mode: 'REQUIRED', description: 'When it was made.' },
    { name: 'size', type: 'NUMERIC', precision: 10, scale: 2, mode: 'NULLABLE', description: 'How big it is.' },
    { name: 'count', type: 'NUMERIC', mode: 'NULLABLE', description: 'How many there are.', default: '0' },
    { name: 'tags', type: 'STRING', mode: 'REPEATED', description: 'Words about it.' },
  ],
});

/** What the service answers for a table made from the definition: old type names, numbers as text. */
function liveTable(
  change: (table: LiveTable, field: (name: string) => LiveField) => void = () => undefined,
): LiveTable {
  const { tableReference, ...resource } = newTable('p', 'd', definition);
  const table: LiveTable = structuredClone({ ...resource, type: 'TABLE', numRows: '0' });
  const fields = table.schema?.fields ?? [];
  change(table, name => fields.find(field => field.name === name) as LiveField);
  return table;
}
const compare = (live: LiveTable | null, policyTags = {}) =>
  compareTable(live, { dataset: 'd', definition, keeps: keepsAll, policyTags });
const drop = (table: LiveTable, name: string) => {
  table.schema = { fields: table.schema?.fields?.filter(field => field.name !== name) };
};

test('a missing table is created', () => {
  expect(compare(null)).toMatchObject([{ kind: 'create_table', dataset: 'd', table: 'things' }]);
});

test('a table as defined needs nothing', () => {
  expect(compare(liveTable())).toEqual([]);
});

type Case = [what: string, kind: string, column: string | undefined, change: Parameters<typeof liveTable>[0]];

test.each<Case>([
  ['a missing NULLABLE column', 'add_column', 'size', table => drop(table, 'size')],
  ['a missing REPEATED column', 'add_column', 'tags', table => drop(table, 'tags')],
  ['a narrower type', 'widen_type', 'count', (_, field) => (field('count').type = 'INTEGER')],
  ['a smaller precision', 'widen_type', 'size', (_, field) => (field('size').precision = '8')],
  ['a REQUIRED column', 'relax_mode', 'count', (_, field) => (field('count').mode = 'REQUIRED')],
  ['another default', 'set_default', 'count', (_, field) => (field('count').defaultValueExpression = '1')],
  ['a default too many', 'set_default', 'size', (_, field) => (field('size').defaultValueExpression = '1')],
  ['another column description', 'set_description', 'size', (_, field) => (field('size').description = 'old')],
  ['another table description', 'set_description', undefined, table => (table.description = 'old')],
  ['another label', 'set_labels', undefined, table => (table.labels = { tier: 'low' })],
  ['other clustering', 'set_clustering', undefined, table => (table.clustering = { fields: ['tags'] })],
  ['no key', 'set_primary_key', undefined, table => (table.tableConstraints = {})],
  ['no required filter', 'set_partition_settings', undefined, table => (table.requirePartitionFilter = false)],
  ['no expiration', 'set_partition_settings', undefined, table => delete table.timePartitioning?.expirationMs],
])('%s becomes %s', (_, kind, column, change) => {
  expect(compare(liveTable(change)).map(found => [found.kind, found.column])).toEqual([[kind, column]]);
});

test('a missing column with a default is added, and giving it to older rows is a step of its own', () => {
  const changes = compare(liveTable(table => drop(table, 'count')));
  expect(changes.map(found => [found.kind, found.column, found.detail])).toEqual([
    ['add_column', 'count', 'add NUMERIC'],
    ['backfill', 'count', 'older rows get the default 0'],
  ]);
});

test('a fill that was cut off is planned until the table is rid of its note', () => {
  const noted = liveTable(table => (table.labels = { tier: 'core', 'backfill-count': 'pending' }));
  expect(compare(noted).map(found => [found.kind, found.column])).toEqual([['backfill', 'count']]);
  const ofNoDefault = liveTable(table => (table.labels = { tier: 'core', 'backfill-size': 'pending' }));
  expect(compare(ofNoDefault)).toEqual([]);
});

test.each<Case>([
  ['a missing REQUIRED column', 'cannot be REQUIRED', 'made_at', table => drop(table, 'made_at')],
  [
    'a column of no definition',
    'nothing is dropped',
    'old',
    table => table.schema?.fields?.push({ name: 'old', type: 'STRING' }),
  ],
  ['a NULLABLE column to make REQUIRED', 'rows without a value', 'id', (_, field) => (field('id').mode = 'NULLABLE')],
  ['a single column to make REPEATED', 'REPEATED cannot', 'tags', (_, field) => (field('tags').mode = 'NULLABLE')],
  ['a REPEATED column to make single', 'REPEATED cannot', 'size', (_, field) => (field('size').mode = 'REPEATED')],
  ['text to make a number', 'STRING to NUMERIC', 'count', (_, field) => (field('count').type = 'STRING')],
  ['a wider type', 'FLOAT64 to NUMERIC', 'count', (_, field) => (field('count').type = 'FLOAT')],
  ['a larger precision', 'NUMERIC(12, 2) to NUMERIC(10, 2)', 'size', (_, field) => (field('size').precision = '12')],
  [
    'another partition column',
    'needs a new table',
    undefined,
    table => (table.timePartitioning = { type: 'DAY', field: 'x' }),
  ],
  [
    'hourly partitions',
    'needs a new table',
    undefined,
    table => (table.timePartitioning = { type: 'HOUR', field: 'made_at' }),
  ],
  ['no partitions', 'needs a new table', undefined, table => delete table.timePartitioning],
  ['a view of that name', 'is not a table', undefined, table => (table.type = 'VIEW')],
])('%s is refused: %s', (_, reason, column, change) => {
  const refused = compare(liveTable(change)).filter(found => found.kind === 'refuse');
  expect(refused.map(found => found.column)).toEqual([column]);
  expect(refused[0]?.detail).toContain(reason);
});

test('attributes the store forgets are not compared, so that a local plan settles', () => {
  const live = liveTable((table, field) => {
    delete field('count').defaultValueExpression;
    delete field('size').precision;
    delete table.tableConstraints;
    delete table.requirePartitionFilter;
    delete table.timePartitioning?.expirationMs;
  });
  expect(compareTable(live, { dataset: 'd', definition, keeps: () => false })).toEqual([]);
});

test('a policy tag is planned only where its resource name is known and the column lacks it', () => {
  const tags = { 'customer-data': 'projects/p/tags/1' };
  expect(compare(liveTable(), tags).map(found => [found.kind, found.column])).toEqual([['set_policy_tag', 'id']]);
  const tagged = liveTable((_, field) => (field('id').policyTags = { names: ['projects/p/tags/1'] }));
  expect(compare(tagged, tags)).toEqual([]);
  expect(compare(liveTable())).toEqual([]);
});

test('a patch keeps live order and policy tags, adds new columns at the end and names no old expiration', () => {
  const live = liveTable((table, field) => {
    field('id').policyTags = { names: ['projects/p/tags/1'] };
    drop(table, 'size');
    table.schema?.fields?.reverse();
  });
  const patch = patchedTable(live, definition);
  expect(patch.schema.fields.map(field => field.name)).toEqual(['tags', 'count', 'made_at', 'id', 'size']);
  expect(patch.schema.fields[3]?.policyTags).toEqual({ names: ['projects/p/tags/1'] });
  const { expirationMs, ...partitioning } = definition.partitioning ?? { field: '', type: 'DAY' };
  expect(patchedTable(live, { ...definition, partitioning }).timePartitioning).toEqual({
    type: 'DAY',
    field: 'made_at',
    expirationMs: null,
  });
});

test('a new table is sent with partitioning, clustering, key, labels, defaults and tags', () => {
  expect(newTable('p', 'd', definition, { 'customer-data': 'projects/p/tags/1' })).toMatchObject({
    tableReference: { projectId: 'p', datasetId: 'd', tableId: 'things' },
    timePartitioning: { type: 'DAY', field: 'made_at', expirationMs: '86400000' },
    requirePartitionFilter: true,
    clustering: { fields: ['id'] },
    tableConstraints: { primaryKey: { columns: ['id'] } },
    labels: { tier: 'core' },
    schema: {
      fields: [
        { name: 'id', policyTags: { names: ['projects/p/tags/1'] } },
        { name: 'made_at', mode: 'REQUIRED' },
        { name: 'size', precision: '10', scale: '2' },
        { name: 'count', defaultValueExpression: '0' },
        { name: 'tags', mode: 'REPEATED' },
      ],
    },
  });
});

test('every sealed column and every customer_id carries its policy tag', () => {
  const fields = loadDefinitions('customers').flatMap(table => table.fields);
  const sealed = fields.filter(field => field.name.startsWith('encrypted_'));
  expect(sealed.map(field => field.policyTag)).toEqual(['sensitive-data', 'sensitive-data']);
  const owners = fields.filter(field => field.name === 'customer_id');
  expect(owners.map(field => field.policyTag)).toEqual(loadDefinitions('customers').map(() => 'customer-data'));
});
