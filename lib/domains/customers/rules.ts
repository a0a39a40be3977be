/** Rules of customers: names of their datasets, status values. */
import { randomText } from '@/lib/platform/ids';

export const customerStatuses = ['ACTIVE', 'SUSPENDED', 'TRIAL', 'CANCELLED'] as const;
export type CustomerStatus = (typeof customerStatuses)[number];

const reservedDatasets =
  /^(customers|customers_rls|information_schema|metadata|tenant|events|ai|agent|google|bigquery)(_|$)/;

/**
 * Name of a customer's BigQuery dataset: the company in snake_case (Latin letters and digits only, other scripts
 * become `tenant`), 40 signs, and 6 random signs. Never a reserved name. Source: DESIGN 4, Tenant datasets.
 */
export function newTenantDatasetId(companyName: string): string {
  const plain = companyName
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^[_0-9]+|_+$/g, '')
    .slice(0, 40)
    .replace(/_+$/, '');
  const base = plain.length < 2 || reservedDatasets.test(plain) ? `t_${plain || 'tenant'}` : plain;
  return `${base}_${randomText(6)}`;
}
