/** The authorized views of dataset customers_rls: each shows a person the rows of the customers they are a member of. */
import type { FieldDefinition, TableDefinition } from '@/lib/warehouse/schemas/definition';

/** Secrets and staff remarks: no view shows them (document 003, step 4; ciphertext is never selected). */
const isHidden = (field: FieldDefinition) =>
  field.policyTag === 'sensitive-data' ||
  ['api_key_hash', 'invitation_token', 'slack_webhook_url', 'notes'].includes(field.name);

export const viewsDataset = 'customers_rls';

export type SecurityView = {
  /** View name, as `customer_profiles_view`. */
  name: string;
  table: string;
  /** The SELECT the view stands for, with tables as `customers.<table>`. */
  query: string;
  /** Text of sql/security/create-<view>.sql. */
  file: string;
};

/** SESSION_USER() is an email address and has no fields, so membership is looked up by it. */
function viewQuery(table: TableDefinition): string {
  const columns = table.fields.filter(field => !isHidden(field)).map(field => `  source.${field.name}`);
  return [
    'SELECT',
    columns.join(',\n'),
    `FROM customers.${table.table} AS source`,
    'WHERE source.customer_id IN (',
    '  SELECT member.customer_id',
    '  FROM customers.customer_team_members AS member',
    "  WHERE member.email = LOWER(SESSION_USER()) AND member.status = 'ACTIVE'",
    ')',
  ].join('\n');
}

/** One view a table of the customers dataset. */
export function securityViews(customers: TableDefinition[]): SecurityView[] {
  return customers.map(table => {
    const name = `${table.table}_view`;
    const query = viewQuery(table);
    const file = [
      `-- Which rows of customers.${table.table} may the person who asks see? Those of customers they are an active member of.`,
      '-- Generated from schemas/ by `npm run generate`; change the JSON files, not this one.',
      `CREATE OR REPLACE VIEW ${viewsDataset}.${name} AS\n${query};`,
    ].join('\n');
    return { name, table: table.table, query, file: `${file}\n` };
  });
}
