/** Every file that is made from another one: path from the checkout's root → its text. */
import { readFileSync } from 'node:fs';
import { datasetDdl } from '@/lib/kernel/schemas/ddl';
import { loadDefinitions, logicalDataset, type SchemaFolder } from '@/lib/kernel/schemas/definition';
import { rowsFile } from '@/lib/kernel/schemas/rows';
import { securityViews } from '@/lib/kernel/schemas/views';
import { envExample, settingsTable } from '@/lib/platform/env';

const titles: Record<SchemaFolder, string> = {
  customers: 'Which tables hold all customers: the shared dataset `customers`.',
  metadata: "Which tables hold one customer's runs: each tenant dataset, written `tenant` here.",
};

/** The README with its table of settings as env.ts has them. */
function readme(): string {
  const [before, rest] = readFileSync('README.md', 'utf8').split('<!-- settings -->\n', 2);
  const after = rest?.split('<!-- /settings -->', 2)[1];
  if (before === undefined || after === undefined) throw new Error('README.md lost the marks of its settings table');
  return `${before}<!-- settings -->\n${settingsTable()}\n<!-- /settings -->${after}`;
}

/** What `npm run generate` writes and the drift law compares. */
export function generatedFiles(): Record<string, string> {
  const customers = loadDefinitions('customers');
  const metadata = loadDefinitions('metadata');
  return {
    'sql/customers_dataset.sql': datasetDdl(logicalDataset.customers, customers, titles.customers),
    'sql/metadata_dataset.sql': datasetDdl(logicalDataset.metadata, metadata, titles.metadata),
    'lib/kernel/rows/customers.ts': rowsFile(logicalDataset.customers, customers),
    'lib/kernel/rows/metadata.ts': rowsFile(logicalDataset.metadata, metadata),
    ...Object.fromEntries(
      securityViews(customers).map(view => [`sql/security/create-${view.name.replaceAll('_', '-')}.sql`, view.file]),
    ),
    '.env.example': envExample(),
    'README.md': readme(),
  };
}
