/** Every file that is made from another one: path from the checkout's root → its text. */
import { readFileSync } from 'node:fs';
import { fieldTables } from '@/lib/domains/traces/normalize/forms/fields-table';
import { envExample, settingsTable } from '@/lib/platform/settings/settings-pages';
import { datasetDdl } from '@/lib/warehouse/schemas/ddl';
import { loadDefinitions, logicalDataset, type SchemaFolder } from '@/lib/warehouse/schemas/definition';
import { rowsFile } from '@/lib/warehouse/schemas/rows';
import { securityViews } from '@/lib/warehouse/schemas/security/views';

const settingsFile = 'docs/settings.md';
const tracesFile = 'docs/traces.md';
const toolLogFile = 'lib/edge/v1/agent/clients/log-tool-calls.ts';

const titles: Record<SchemaFolder, string> = {
  customers: 'Which tables hold all customers: the shared dataset `customers`.',
  metadata: "Which tables hold one customer's runs: each tenant dataset, written `tenant` here.",
  agent: "Which tables hold one customer's agent log: each dataset of one, written `agent` here.",
};

/** A page whose part between the marks of `name` is made from code. */
function pageWith(file: string, name: string, part: string): string {
  const [before, rest] = readFileSync(file, 'utf8').split(`<!-- ${name} -->\n`, 2);
  const after = rest?.split(`<!-- /${name} -->`, 2)[1];
  if (before === undefined || after === undefined) throw new Error(`${file} lost the marks of its table`);
  return `${before}<!-- ${name} -->\n${part}\n<!-- /${name} -->${after}`;
}

/** A file that readers copy, as a text that pages can show. */
const shownFile = (file: string, name: string): string => `/** The text of ${file}. Made by \`npm run generate\`. */
export const ${name} =
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a text whose templates are its own.
  ${JSON.stringify(readFileSync(file, 'utf8'))};
`;

/** What `npm run generate` writes and the drift law compares. */
export function generatedFiles(): Record<string, string> {
  const customers = loadDefinitions('customers');
  const metadata = loadDefinitions('metadata');
  const agent = loadDefinitions('agent');
  return {
    'sql/customers_dataset.sql': datasetDdl(logicalDataset.customers, customers, titles.customers),
    'sql/metadata_dataset.sql': datasetDdl(logicalDataset.metadata, metadata, titles.metadata),
    'sql/agent_dataset.sql': datasetDdl(logicalDataset.agent, agent, titles.agent),
    'lib/warehouse/rows/customers.ts': rowsFile(logicalDataset.customers, customers),
    'lib/warehouse/rows/metadata.ts': rowsFile(logicalDataset.metadata, metadata),
    'lib/warehouse/rows/agent.ts': rowsFile(logicalDataset.agent, agent),
    ...Object.fromEntries(
      securityViews(customers).map(view => [`sql/security/create-${view.name.replaceAll('_', '-')}.sql`, view.file]),
    ),
    'app/docs/_samples/tool-log.ts': shownFile(toolLogFile, 'toolLogFile'),
    '.env.example': envExample(),
    [settingsFile]: pageWith(settingsFile, 'settings', settingsTable()),
    [tracesFile]: pageWith(tracesFile, 'fields', fieldTables()),
  };
}
