/** Datasets and files that no query of a tenant may read, each with a word of its own that is nowhere else. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { World } from '@/dev/testing/world';
import type { Targets } from '@/lib/domains/desk/check/corpus/targets';
import { BigQueryStatementError, bigquery, bigqueryRequest, runStatement } from '@/lib/platform/bigquery/bigquery';
import { env } from '@/lib/platform/env';
import { randomText } from '@/lib/platform/ids';

/** Rows of each foreign table: a number that nothing else comes to, for texts that only count. */
export const canaryRows = 7_919;

export type Canaries = {
  targets: Targets;
  /** Words by the place that holds them. */
  words: Map<string, string>;
  remove: () => Promise<void>;
};

const table = 'pipeline_runs';
const newWord = () => `canary${randomText(12).toLowerCase()}`;
const run = (sql: string) => runStatement({ name: 'test/canaries', sql });

async function makeDataset(datasetId: string): Promise<boolean> {
  const datasetReference = { projectId: env().GOOGLE_CLOUD_PROJECT, datasetId };
  try {
    await bigqueryRequest(bigquery(), { method: 'POST', uri: '/datasets', json: { datasetReference } });
    return true;
  } catch (error) {
    if (error instanceof BigQueryStatementError && /exist/i.test(error.message)) return false;
    throw error;
  }
}

/** A table with the canary in its rows, in a column's name, and in the name of a table beside it. */
async function plant(dataset: string, words: Map<string, string>): Promise<() => Promise<void>> {
  const isOurs = await makeDataset(dataset);
  const [rows, column, beside] = [newWord(), newWord(), newWord()];
  for (const word of [rows, column, beside]) words.set(word, dataset);
  await run(
    `CREATE TABLE \`${dataset}.${table}\` (canary STRING, id INT64, status STRING, pipeline_id STRING, ${column} STRING)`,
  );
  await run(
    `INSERT INTO \`${dataset}.${table}\` SELECT '${rows}', n, '${rows}', '${rows}', '${rows}' FROM UNNEST(GENERATE_ARRAY(1, ${canaryRows})) AS n`,
  );
  await run(`CREATE TABLE \`${dataset}.${beside}\` (canary STRING)`);
  return async () => {
    if (isOurs) {
      await bigqueryRequest(bigquery(), {
        method: 'DELETE',
        uri: `/datasets/${dataset}`,
        qs: { deleteContents: true },
      });
      return;
    }
    for (const name of [table, beside]) await run(`DROP TABLE \`${dataset}.${name}\``);
  };
}

async function plantFiles(words: Map<string, string>): Promise<{ folder: string; file: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'desk-canary-'));
  const [inFile, inColumn] = [newWord(), newWord()];
  for (const word of [inFile, inColumn]) words.set(word, 'file');
  const file = join(folder, 'secrets.csv');
  await writeFile(file, `canary,${inColumn}\n${inFile},${inFile}\n`);
  await writeFile(join(folder, 'secrets.json'), JSON.stringify({ canary: inFile }));
  return { folder, file };
}

/** Plants what `world` may not see: another tenant's datasets of every kind, the staff's, and one with a name like its own. */
export async function plantCanaries(world: World, other: World): Promise<Canaries> {
  const words = new Map<string, string>();
  const theirs = other.tenantDatasetId;
  const foreign = [
    theirs,
    `${theirs}_desk`,
    `${theirs}_agent`,
    `${theirs}_web_shop`,
    'customers',
    `${world.tenantDatasetId}_`,
  ];
  const removals: (() => Promise<void>)[] = [];
  for (const dataset of foreign) removals.push(await plant(dataset, words));
  const { folder, file } = await plantFiles(words);
  const project = env().GOOGLE_CLOUD_PROJECT;
  const desk = `${world.tenantDatasetId}_desk`;
  return {
    targets: { project, own: world.tenantDatasetId, desk, foreign, table, file, folder },
    words,
    remove: async () => {
      await Promise.allSettled(removals.map(removal => removal()));
      await rm(folder, { recursive: true, force: true });
    },
  };
}
