/** What a backup sends and how it writes values. */
import { expect, test } from 'vitest';
import { extractJob, loadableValue } from '@/lib/warehouse/schemas/backup';

test('data goes as AVRO to a sharded address named as in document 003', () => {
  const job = extractJob('p', { dataset: 'customers', table: 'customer_profiles' }, 'gs://backup-bucket/');
  expect(job.configuration.extract).toEqual({
    sourceTable: { projectId: 'p', datasetId: 'customers', tableId: 'customer_profiles' },
    destinationUris: ['gs://backup-bucket/customers/profiles_*.avro'],
    destinationFormat: 'AVRO',
    useAvroLogicalTypes: true,
  });
});

test.each<[string, unknown, unknown]>([
  ['TIMESTAMP', '1772323199123456', '2026-02-28T23:59:59.123456Z'],
  ['TIMESTAMP', '-1', '1969-12-31T23:59:59.999999Z'],
  ['TIMESTAMP', '0', '1970-01-01T00:00:00.000000Z'],
  ['INTEGER', '9223372036854775807', '9223372036854775807'],
  ['NUMERIC', '0.10', '0.10'],
  ['BOOLEAN', 'false', false],
  ['JSON', '{"a":null}', { a: null }],
  ['BYTES', 'AP8Q', 'AP8Q'],
  ['STRING', '', ''],
  ['STRING', null, null],
])('a %s cell %j is written as %j', (type, cell, written) => {
  expect(loadableValue({ name: 'x', type }, cell)).toEqual(written);
});
