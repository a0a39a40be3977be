import { expect, test } from 'vitest';
import { BigQueryStatementError } from '@/lib/platform/bigquery/bigquery';
import { parseSql } from '@/lib/platform/sql-file';
import { isNotThereYet, withDatasets } from '@/lib/warehouse/query/datasets';

const file = parseSql('t.sql', 'SELECT a FROM source.tracks JOIN tenant.pipeline_runs ON x = y');
const notFound = (of: string) => new BigQueryStatementError(`Not found: Table p:${of}.tracks`, 'notFound', 't');

test('each stand-in becomes the dataset of the caller', () =>
  expect(withDatasets(file, { tenant: 'acme_1', source: 'production_site' })).toBe(
    'SELECT a FROM `production_site.tracks` JOIN `acme_1.pipeline_runs` ON x = y',
  ));

test.each([null, 'a`; DROP TABLE x', 'Upper', ''])(
  'a statement is never sent with %j in the place of a source',
  source => expect(() => withDatasets(file, { tenant: 'acme_1', source })).toThrow('no source dataset'),
);

test('a table of a source that has no such event yet has no rows; a lost table of the mirror is an error', () => {
  const datasets = { tenant: 'acme_1', source: 'production_site' };
  expect(isNotThereYet(notFound('production_site'), datasets, 'source.tracks=4')).toBe(true);
  expect(isNotThereYet(notFound('acme_1'), datasets, '')).toBe(true);
  expect(isNotThereYet(notFound('acme_1'), datasets, 'tenant.pipeline_runs=1')).toBe(false);
  expect(isNotThereYet(notFound('other'), datasets, '')).toBe(false);
  expect(isNotThereYet(new Error('notFound production_site'), datasets, '')).toBe(false);
});
