/** Which project, dataset and folder a schema command works on; says so before anything happens. */
import type { BigQuery } from '@google-cloud/bigquery';
import type { Args } from '@/lib/cli/command';
import { createBigQuery } from '@/lib/platform/bigquery/bigquery';
import { envPart } from '@/lib/platform/env';
import type { SchemaFolder } from '@/lib/warehouse/schemas/definition';
import { assertDatasetId } from '@/lib/warehouse/schemas/rest';

export type Target = { client: BigQuery; dataset: string; folder: SchemaFolder; location: string };

/** Options of every schema command. */
export const targetArgs = {
  project: { type: 'string', description: 'GOOGLE_CLOUD_PROJECT unless named', valueHint: 'id' },
  dataset: {
    type: 'string',
    description: "customers unless named; another one is taken for a customer's own",
    valueHint: 'name',
  },
  folder: {
    type: 'enum',
    options: ['customers', 'metadata', 'agent'],
    description: 'which definitions, where the name misleads',
  },
  location: { type: 'string', description: 'BIGQUERY_LOCATION unless named' },
} as const satisfies Args;

export type Choices = { [Name in Exclude<keyof typeof targetArgs, 'folder'>]?: string | undefined } & {
  folder?: SchemaFolder | undefined;
};

/** Writes one line to standard output. */
export const print = (line: string) => void process.stdout.write(`${line}\n`);

/** The named dataset's folder: everything but `customers` is a customer's own. */
const folderOf = ({ dataset = 'customers', folder }: Choices): SchemaFolder =>
  folder ?? (dataset === 'customers' ? 'customers' : 'metadata');

/**
 * Opens the target and prints which one it is; options win over the environment (document 003, Deployment, step 1).
 * `tenants` says in words that all customers' own datasets are meant; each is then put in the place of `dataset`.
 */
export async function openTarget(choices: Choices, tenants?: string, say = print): Promise<Target> {
  const settings = envPart('NODE_ENV', 'BIGQUERY_API_URL', 'BIGQUERY_LOCATION');
  const projectId = choices.project ?? envPart('GOOGLE_CLOUD_PROJECT').GOOGLE_CLOUD_PROJECT;
  const dataset = choices.dataset ?? 'customers';
  assertDatasetId(dataset);
  const folder = tenants ? 'metadata' : folderOf(choices);
  const location = choices.location ?? settings.BIGQUERY_LOCATION;
  const store = settings.BIGQUERY_API_URL ? `local BigQuery ${settings.BIGQUERY_API_URL}` : 'BigQuery service';
  say(
    `Target: ${store}, project ${projectId}, ${tenants ?? `dataset ${dataset}`} (schemas/${folder}), ${location}, ${settings.NODE_ENV}`,
  );
  const client = createBigQuery({ projectId, apiUrl: settings.BIGQUERY_API_URL });
  return { client, dataset, folder, location };
}
