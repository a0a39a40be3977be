import { expect, test } from 'vitest';
import { newTenantDatasetId } from '@/lib/domains/customers/rules';

const cases: [company: string, dataset: RegExp][] = [
  ['Acme Inc.', /^acme_inc_[a-z0-9]{6}$/],
  ['Überschall Ölmühle', /^uberschall_olmuhle_[a-z0-9]{6}$/],
  ['東京データ', /^t_tenant_[a-z0-9]{6}$/],
  ['customers', /^t_customers_[a-z0-9]{6}$/],
  ['Customers RLS', /^t_customers_rls_[a-z0-9]{6}$/],
  ['42 Labs', /^labs_[a-z0-9]{6}$/],
  ['x'.repeat(500), /^x{40}_[a-z0-9]{6}$/],
  ['`; DROP TABLE', /^drop_table_[a-z0-9]{6}$/],
];

test.each(cases)('the dataset of %j is a valid, unreserved name', (company, dataset) => {
  expect(newTenantDatasetId(company)).toMatch(dataset);
});
