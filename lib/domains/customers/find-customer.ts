/** Reads one customer by id from Postgres, for callers that name the customer they act for. */
import type { CustomerStatus } from '@/lib/domains/customers/rules';
import { pool } from '@/lib/platform/db';

export type FoundCustomer = {
  customerId: string;
  tenantDatasetId: string;
  companyName: string;
  status: CustomerStatus;
};

type Row = { customer_id: string; tenant_dataset_id: string; company_name: string; status: CustomerStatus };

const statement = 'SELECT customer_id, tenant_dataset_id, company_name, status FROM customers WHERE customer_id = $1';

/** The customer as committed now; null when there is none. */
export async function findCustomer(customerId: string): Promise<FoundCustomer | null> {
  const { rows } = await pool().query<Row>({ name: 'find-customer', text: statement, values: [customerId] });
  const [row] = rows;
  if (!row) return null;
  return {
    customerId: row.customer_id,
    tenantDatasetId: row.tenant_dataset_id,
    companyName: row.company_name,
    status: row.status,
  };
}
