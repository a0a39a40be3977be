import { expect, test } from 'vitest';
import { datasetNames } from '@/lib/domains/events/sources/dataset-name';

const first = (name: string, taken: string[] = [], companyName = 'Acme') =>
  datasetNames({ name, companyName }, new Set(taken), 1)[0];

test('a source called “Production Site” gets the dataset production_site', () =>
  expect(first('Production Site')).toBe('production_site'));

test.each([
  ['mobileApp', 'mobile_app'],
  ['HTTPServer logs', 'http_server_logs'],
  ['Größe & Café', 'grosse_cafe'],
  ['  Shop -- EU/West  ', 'shop_eu_west'],
  ['Shop 2', 'shop_2'],
  ['_hidden', 'hidden'],
  ['日本', 'u65e5u672c'],
  ['🛒', 'u1f6d2'],
  ['---', 'source'],
])('%s is written %s', (name, dataset) => expect(first(name)).toBe(dataset));

test.each([
  // Ours, BigQuery's own, and what would need quotes in a query.
  ['Customers', 'acme_customers'],
  ['customers_rls', 'acme_customers_rls'],
  ['Customers Backup', 'acme_customers_backup'],
  ['INFORMATION_SCHEMA', 'acme_information_schema'],
  ['Google Ads', 'acme_google_ads'],
  ['pg catalog', 'acme_pg_catalog'],
  ['Events', 'acme_events'],
  ['2024 site', 'acme_2024_site'],
])('%s gets the company in front: %s', (name, dataset) => expect(first(name)).toBe(dataset));

test('a taken name gets the company in front, then a number', () => {
  const names = datasetNames({ name: 'Site', companyName: 'Acme' }, new Set(['site', 'acme_site_2']), 3);
  expect(names).toEqual(['acme_site', 'acme_site_3', 'acme_site_4']);
  expect(datasetNames({ name: 'Site', companyName: 'Acme' }, new Set(), 3)).toEqual([
    'site',
    'acme_site',
    'acme_site_2',
  ]);
});

test.each(['Customers', '2024', '日本', 'Google'])(
  'a company called %s makes no reserved name of it either',
  company => {
    const name = first('Site', ['site'], company) as string;
    expect(name).toMatch(/^t_[a-z0-9_]+_site$/);
  },
);

test('every name is one that BigQuery takes without quotes, however long or odd the source’s is', () => {
  for (const name of ['x'.repeat(80), 'ﬃ'.repeat(80), 'ﷺ'.repeat(80), '9'.repeat(80), '_'.repeat(80)])
    for (const dataset of datasetNames({ name, companyName: 'ﬃ'.repeat(80) }, new Set(), 4))
      expect(dataset).toMatch(/^[a-z][a-z0-9_]{0,1023}$/);
});
