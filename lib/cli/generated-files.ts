/** Every file that is made from another one: path from the checkout's root → its text. */
import { readFileSync } from 'node:fs';
import { envExample, settingsTable } from '@/lib/platform/env';
import { datasetDdl } from '@/lib/warehouse/schemas/ddl';
import { loadDefinitions, logicalDataset, type SchemaFolder } from '@/lib/warehouse/schemas/definition';
import { rowsFile } from '@/lib/warehouse/schemas/rows';
import { securityViews } from '@/lib/warehouse/schemas/security/views';

const settingsFile = 'docs/settings.md';

const titles: Record<SchemaFolder, string> = {
  customers: 'Which tables hold all customers: the shared dataset `customers`.',
  metadata: "Which tables hold one customer's runs: each tenant dataset, written `tenant` here.",
};

/** The page of settings with its table as env.ts has them. */
function settingsPage(): string {
  const [before, rest] = readFileSync(settingsFile, 'utf8').split('<!-- settings -->\n', 2);
  const after = rest?.split('<!-- /settings -->', 2)[1];
  if (before === undefined || after === undefined) throw new Error(`${settingsFile} lost the marks of its table`);
  return `${before}<!-- settings -->\n${settingsTable()}\n<!-- /settings -->${after}`;
}

/** What `npm run generate` writes and the drift law compares. */
export function generatedFiles(): Record<string, string> {
  const customers = loadDefinitions('customers');
  const metadata = loadDefinitions('metadata');
  return {
    'sql/customers_dataset.sql': datasetDdl(logicalDataset.customers, customers, titles.customers),
    'sql/metadata_dataset.sql': datasetDdl(logicalDataset.metadata, metadata, titles.metadata),
    'lib/warehouse/rows/customers.ts': rowsFile(logicalDataset.customers, customers),
    'lib/warehouse/rows/metadata.ts': rowsFile(logicalDataset.metadata, metadata),
    ...Object.fromEntries(
      securityViews(customers).map(view => [`sql/security/create-${view.name.replaceAll('_', '-')}.sql`, view.file]),
    ),
    '.env.example': envExample(),
    [settingsFile]: settingsPage(),
  };
}
