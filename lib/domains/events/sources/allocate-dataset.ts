/** Datasets of sources: which names are taken here and in BigQuery, and taking one for good. Source: docs/architecture.md, Event collection. */
import { sql } from 'drizzle-orm';
import { datasetNames, datasetStems, type Named } from '@/lib/domains/events/sources/dataset-name';
import { takeLock } from '@/lib/kernel/locks';
import { BigQueryUnavailableError, bigquery } from '@/lib/platform/bigquery/bigquery';
import { type Db, db, type Tx } from '@/lib/platform/db';
import { AppError } from '@/lib/platform/errors';
import { getDataset } from '@/lib/warehouse/schemas/rest';

/** Names that are asked for in BigQuery at once, and how often another set of them is tried. */
const atOnce = 3;
const rounds = 5;

/** Every dataset that the product has given away: of sources, also deleted ones, of customers and their query desks, and of what is being erased. */
const given = sql`(
  SELECT dataset AS name FROM event_sources
  UNION ALL SELECT tenant_dataset_id FROM customers
  UNION ALL SELECT tenant_dataset_id || '_desk' FROM customers
  UNION ALL SELECT tenant_dataset_id FROM erasures WHERE tenant_dataset_id IS NOT NULL
  UNION ALL SELECT unnest(event_datasets) FROM erasures)`;

/** The taken ones of the names that this source could get. */
async function takenNames(store: Db | Tx, source: Named): Promise<Set<string>> {
  const { own, withCompany } = datasetStems(source);
  const { rows } = await store.execute<{ name: string }>(sql`
    SELECT name FROM ${given} AS given WHERE name = ${own} OR starts_with(name, ${withCompany})`);
  return new Set(rows.map(row => row.name));
}

async function existsInBigQuery(name: string): Promise<boolean> {
  try {
    return (await getDataset(bigquery(), name)) !== null;
  } catch (error) {
    if (!(error instanceof BigQueryUnavailableError)) throw error;
    const message = 'BigQuery is not reachable, and a source needs a dataset that is free there. Try again shortly.';
    throw new AppError('warehouse_unavailable', message, { retryAfterSeconds: 30, cause: error });
  }
}

/**
 * Names that the source can get as it stands now, the best first. Asks BigQuery, so it belongs into a command's `prepare`: a
 * dataset that is there without us is not ours to write to. AppError warehouse_unavailable, conflict.
 */
export async function freeDatasets(source: Named): Promise<string[]> {
  const taken = await takenNames(db(), source);
  for (let round = 0; round < rounds; round++) {
    const names = datasetNames(source, taken, atOnce);
    const exists = await Promise.all(names.map(existsInBigQuery));
    const free = names.filter((_, at) => !exists[at]);
    if (free.length > 0) return free;
    for (const name of names) taken.add(name);
  }
  throw new AppError('conflict', 'No dataset is free under this name. Choose another name.');
}

/** The first of these names that is still free, held until `tx` ends; null where all were taken meanwhile. */
export async function takeDataset(tx: Tx, names: readonly string[]): Promise<string | null> {
  await takeLock(tx, 'datasetName', 'all');
  for (const name of names) if (!(await isGiven(tx, name))) return name;
  return null;
}

async function isGiven(tx: Tx, name: string): Promise<boolean> {
  const { rows } = await tx.execute(sql`SELECT 1 FROM ${given} AS given WHERE name = ${name} LIMIT 1`);
  return rows.length > 0;
}

/** The name that `make` gives, made anew while a source has it; held until `tx` ends, so that no source gets it either. */
export async function unusedDataset(tx: Tx, make: () => string): Promise<string> {
  await takeLock(tx, 'datasetName', 'all');
  for (;;) {
    const name = make();
    if (!(await isGiven(tx, name))) return name;
  }
}
