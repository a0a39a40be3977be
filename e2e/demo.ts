/** Where the running demo is, as `npm run demo` wrote it. */
import { readFileSync } from 'node:fs';

export type Demo = {
  portal: string;
  dataPlane: string;
  bigquery: string;
  google: string;
  mail: string;
  stripe: string;
  databaseUrl: string;
  projectId: string;
  serviceKey: string;
  logs: string;
  customers: { customer_id: string; company_name: string; plan: string; tenant_dataset_id: string; apiKey: string }[];
  users: { email: string; name: string; role: string; customer_id: string }[];
  staff: string;
};

/** The demo's addresses, people and keys. */
export const demo = (): Demo =>
  JSON.parse(readFileSync(process.env.TENANTRY_DEMO ?? '.local/demo.json', 'utf8')) as Demo;

/** The first person of that role in the seed. */
export function personWithRole(role: string, customerId?: string): string {
  const person = demo().users.find(
    user => user.role === role && (customerId === undefined || user.customer_id === customerId),
  );
  if (!person) throw new Error(`the seed has no ${role}`);
  return person.email;
}
