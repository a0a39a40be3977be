/** The DDL text: idempotent, escaped, complete. */
import { expect, test } from 'vitest';
import { addColumn, columnType, createTable, literal, setDataType, setDefault } from '@/lib/warehouse/schemas/ddl';
import { loadDefinitions, parseDefinition } from '@/lib/warehouse/schemas/definition';

const definition = parseDefinition('things', {
  description: "A thing's table, made for a test.",
  partitioning: { field: 'day', type: 'DAY', expirationMs: 172_800_000, requirePartitionFilter: true },
  clustering: ['id', 'day'],
  primaryKey: ['id'],
  labels: { tier: 'core' },
  fields: [
    { name: 'id', type: 'STRING', mode: 'REQUIRED', description: "The thing's identifier." },
    { name: 'day', type: 'DATE', mode: 'REQUIRED', description: 'Day of the thing.' },
    {
      name: 'price',
      type: 'NUMERIC',
      precision: 10,
      scale: 2,
      mode: 'NULLABLE',
      description: 'Price of it.',
      default: '0',
    },
    { name: 'tags', type: 'STRING', mode: 'REPEATED', description: 'Words about it.' },
  ],
});

test('a table becomes one CREATE TABLE IF NOT EXISTS with everything the definition says', () => {
  expect(createTable('tenant', definition)).toBe(
    [
      'CREATE TABLE IF NOT EXISTS tenant.things (',
      "  `id` STRING NOT NULL OPTIONS (description = 'The thing\\'s identifier.'),",
      "  `day` DATE NOT NULL OPTIONS (description = 'Day of the thing.'),",
      "  `price` NUMERIC(10, 2) DEFAULT 0 OPTIONS (description = 'Price of it.'),",
      "  `tags` ARRAY<STRING> OPTIONS (description = 'Words about it.'),",
      '  PRIMARY KEY (id) NOT ENFORCED',
      ')',
      'PARTITION BY day',
      'CLUSTER BY id, day',
      'OPTIONS (',
      "  description = 'A thing\\'s table, made for a test.',",
      "  labels = [('tier', 'core')],",
      '  partition_expiration_days = 2,',
      '  require_partition_filter = TRUE',
      ')',
    ].join('\n'),
  );
});

test.each([
  ["it's", "'it\\'s'"],
  ['a\\b', "'a\\\\b'"],
  ['two\nlines', "'two\\nlines'"],
  ["\\' OR 1", "'\\\\\\' OR 1'"],
])('the text %j cannot leave its literal', (text, expected) => {
  expect(literal(text)).toBe(expected);
});

test('changes name one column a statement, and a default comes in a statement of its own', () => {
  const price = definition.fields[2];
  if (!price) throw new Error('the fixture has no third column');
  expect(addColumn('d', 'things', price)).toBe(
    "ALTER TABLE `d`.`things` ADD COLUMN IF NOT EXISTS `price` NUMERIC(10, 2) OPTIONS (description = 'Price of it.')",
  );
  expect(setDefault('d', 'things', 'price', '0')).toBe('ALTER TABLE `d`.`things` ALTER COLUMN `price` SET DEFAULT 0');
  expect(setDataType('d', 'things', price)).toBe(
    'ALTER TABLE `d`.`things` ALTER COLUMN `price` SET DATA TYPE NUMERIC(10, 2)',
  );
  expect(columnType({ type: 'BYTES', mode: 'REPEATED' })).toBe('ARRAY<BYTES>');
});

test('every table of the customers dataset is partitioned by date and clustered by two or more columns', () => {
  for (const table of loadDefinitions('customers')) {
    const text = createTable('customers', table);
    expect(text, table.table).toMatch(/^PARTITION BY /m);
    expect(text, table.table).toMatch(/^CLUSTER BY customer_id, \w+/m);
  }
});
