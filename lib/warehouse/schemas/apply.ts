/** Brings a dataset to its definitions: creates over REST, evolves in place, keeps every row, refuses the rest. */
import type { BigQuery } from '@google-cloud/bigquery';
import { bigqueryRequest } from '@/lib/platform/bigquery/bigquery';
import { SlidingWindow } from '@/lib/platform/bigquery/sliding-window';
import { fillColumn, noteWaiting, waitingForDefault } from '@/lib/warehouse/schemas/backfill';
import { addColumn, dropDefault, setDataType, setDefault } from '@/lib/warehouse/schemas/ddl';
import { loadDefinitions, type SchemaFolder, type TableDefinition } from '@/lib/warehouse/schemas/definition';
import { additiveKinds, type Change, compareTable, type PolicyTags, planSchemas } from '@/lib/warehouse/schemas/plan';
import { grownTable, newTable, patchedTable } from '@/lib/warehouse/schemas/resource';
import {
  getTable,
  keepsOf,
  type LiveTable,
  refusedFor,
  runDdl,
  type Store,
  storeOf,
  withinRate,
} from '@/lib/warehouse/schemas/rest';

export type ApplyOptions = {
  dataset: string;
  folder: SchemaFolder;
  /** Location of the dataset, as `US`. */
  location: string;
  /** Resource names of the policy tags; without them, tags stay as they are. */
  policyTags?: PolicyTags | undefined;
  /** Told by the client's address unless given. */
  store?: Store | undefined;
  /** Make only what takes nothing away: datasets, tables, columns, relaxed modes, wider types. Refusals are told as well. */
  additiveOnly?: boolean | undefined;
  /** Once aborted, no further step of a long one is begun: applySchemas throws the signal's reason, and a repeat goes on. */
  signal?: AbortSignal | undefined;
  /** Told of the progress of a long step. */
  onProgress?: ((line: string) => void) | undefined;
};
type Target = Omit<ApplyOptions, 'folder'> & { client: BigQuery; settings?: Record<string, string> | undefined };

/** The service's limits of one table: 5 changes of its metadata in 10 s, 25 DML statements, which the mirror needs too. */
const metadataLimit = { atMost: 5, withinMs: 10_000 };
const dmlLimit = { atMost: 5, withinMs: 10_000 };
const noLimit = { atMost: Number.POSITIVE_INFINITY, withinMs: 0 };

const datasetDescriptions: Record<SchemaFolder, string> = {
  customers: 'All customers: profiles, keys, credentials, subscriptions, use, members, configurations and audit log.',
  metadata: "One customer's pipeline runs, steps, keys, data quality results and AI usage.",
  agent: "One customer's agent log: what agents said, ran, cost and read.",
};
const yearMs = 365 * 86_400_000;
/** Settings that a dataset is made with. Of the agent log a year, for tables that say nothing else (document 000, Cost Controls). */
const datasetSettings: Partial<Record<SchemaFolder, Record<string, string>>> = {
  agent: { defaultPartitionExpirationMs: String(yearMs) },
};

/** True when this call made it, false when another process was first. */
async function createUnlessThere(create: () => Promise<unknown>): Promise<boolean> {
  try {
    await withinRate(create);
    return true;
  } catch (error) {
    if (refusedFor(error, 'duplicate', '409')) return false;
    throw error;
  }
}

async function createDataset({ client, dataset, location, settings }: Target, description: string): Promise<void> {
  const projectId = await client.getProjectId();
  const json = { datasetReference: { projectId, datasetId: dataset }, location, description, ...settings };
  await createUnlessThere(() => bigqueryRequest(client, { method: 'POST', uri: '/datasets', json }));
}

/** The statements of changes that only SQL can make; the patch that follows does the rest. */
function statementsOf(changes: Change[], dataset: string, definition: TableDefinition): string[] {
  const fields = new Map(definition.fields.map(field => [field.name, field]));
  return changes.flatMap(change => {
    const field = fields.get(change.column ?? '');
    if (!field) return [];
    const defaults =
      field.default === undefined ? [] : [setDefault(dataset, definition.table, field.name, field.default)];
    if (change.kind === 'add_column') return [addColumn(dataset, definition.table, field), ...defaults];
    if (change.kind === 'widen_type') return [setDataType(dataset, definition.table, field)];
    if (change.kind !== 'set_default') return [];
    return defaults.length ? defaults : [dropDefault(dataset, definition.table, field.name)];
  });
}

const isLimited = ({ client, store }: Target) => (store ?? storeOf(client)) === 'service';

/** Gives older rows the defaults of new columns, last of all; answers the changes as they were made. */
async function fillDefaults(target: Target, definition: TableDefinition, changes: Change[]): Promise<Change[]> {
  const pace = new SlidingWindow(isLimited(target) ? dmlLimit : noLimit);
  const made: Change[] = [];
  for (const change of changes) {
    const field = definition.fields.find(({ name }) => name === change.column);
    const rows = field && change.kind === 'backfill' ? await fillColumn({ ...target, definition, pace }, field) : null;
    const detail = `${rows?.toLocaleString('en')} older rows got the default ${field?.default}`;
    made.push(rows === null ? change : { ...change, detail });
  }
  return made;
}

/** Columns to note as waiting for their default: those noted already, and those about to be added with one. */
function columnsToFill(live: LiveTable, definition: TableDefinition, changes: Change[]): string[] {
  const withDefault = new Set(definition.fields.filter(field => field.default !== undefined).map(({ name }) => name));
  const added = changes.flatMap(({ kind, column }) => (kind === 'add_column' && column ? [column] : []));
  return [...new Set([...waitingForDefault(live), ...added])].filter(column => withDefault.has(column));
}

async function alterTable(target: Target, definition: TableDefinition, changes: Change[]): Promise<Change[]> {
  const { client, dataset, location, policyTags, additiveOnly } = target;
  const updates = new SlidingWindow(isLimited(target) ? metadataLimit : noLimit);
  const read = async () => {
    const live = await getTable(client, dataset, definition.table);
    if (!live) throw new Error(`${dataset}.${definition.table} was dropped while it was being changed`);
    return live;
  };
  const note = async (live: LiveTable, columns: string[]) => {
    await updates.turn();
    await noteWaiting({ client, dataset, definition }, live, columns);
  };
  const before = await read();
  const toFill = columnsToFill(before, definition, changes);
  if (toFill.some(column => !waitingForDefault(before).includes(column))) await note(before, toFill);
  for (const sql of statementsOf(changes, dataset, definition)) {
    await updates.turn();
    await runDdl(client, sql, location);
  }
  // Read again: the statements above, or another process, may have added columns.
  const live = await read();
  const columns = new Set(changes.map(change => change.column));
  const json = additiveOnly ? grownTable(live, definition, columns) : patchedTable(live, definition, policyTags);
  const uri = `/datasets/${dataset}/tables/${definition.table}`;
  await updates.turn();
  await withinRate(() => bigqueryRequest(client, { method: 'PATCH', uri, json }));
  if (additiveOnly || toFill.length === 0) return changes;
  const made = await fillDefaults(target, definition, changes);
  const filled = new Set(changes.filter(({ kind }) => kind === 'backfill').map(({ column }) => column));
  const after = await read();
  await note(
    after,
    waitingForDefault(after).filter(column => !filled.has(column)),
  );
  return made;
}

async function applyTable(target: Target, definition: TableDefinition, planned: Change[]): Promise<Change[]> {
  const { client, dataset, policyTags } = target;
  let changes = planned;
  if (changes.some(change => change.kind === 'create_table')) {
    const json = newTable(await client.getProjectId(), dataset, definition, policyTags);
    const uri = `/datasets/${dataset}/tables`;
    if (await createUnlessThere(() => bigqueryRequest(client, { method: 'POST', uri, json }))) return changes;
    const live = await getTable(client, dataset, definition.table);
    changes = compareTable(live, { dataset, definition, keeps: keepsOf(target.store ?? storeOf(client)), policyTags });
  }
  if (target.additiveOnly) changes = changes.filter(({ kind }) => additiveKinds.has(kind) || kind === 'refuse');
  const refused = changes.some(change => change.kind === 'refuse');
  return refused || changes.length === 0 ? changes : alterTable(target, definition, changes);
}

/**
 * Applies given definitions; see applySchemas. The text describes the dataset where it is created.
 */
export async function applyDefinitions(
  client: BigQuery,
  options: Omit<ApplyOptions, 'folder'> & {
    definitions: TableDefinition[];
    description: string;
    /** Further settings of the dataset where it is made, as BigQuery's REST names them. */
    settings?: Record<string, string> | undefined;
  },
): Promise<Change[]> {
  const { definitions, description, ...rest } = options;
  const changes = await planSchemas(client, { ...rest, definitions });
  const ofDataset = changes.filter(change => !change.table);
  if (ofDataset.some(change => change.kind === 'refuse')) return changes;
  const target = { ...rest, client };
  if (ofDataset.length) await createDataset(target, description);
  const applied = await Promise.all(
    definitions.map(definition =>
      applyTable(
        target,
        definition,
        changes.filter(change => change.table === definition.table),
      ),
    ),
  );
  return [...ofDataset, ...applied.flat()];
}

/**
 * Creates or evolves the dataset from schemas/<folder> and returns what changed; nothing the second time.
 * A table with a `refuse` among its changes is left untouched. Any number of processes may run it at once.
 * Throws BigQueryStatementError or BigQueryUnavailableError. Document 002, Automatic Table Creation; 003, Deployment.
 */
export const applySchemas = (client: BigQuery, { folder, ...options }: ApplyOptions): Promise<Change[]> =>
  applyDefinitions(client, {
    ...options,
    definitions: loadDefinitions(folder),
    description: datasetDescriptions[folder],
    settings: datasetSettings[folder],
  });

/**
 * Creates a customer's own dataset with the metadata tables, or completes it: what takes something away, as an
 * expiration, or takes long, as older rows' defaults, is left to `cli schemas apply` (document 002, Automatic Table Creation). Returns what changed and what
 * was refused; throws as applySchemas does.
 */
export const ensureTenantDataset = (client: BigQuery, datasetId: string, location: string): Promise<Change[]> =>
  applySchemas(client, { dataset: datasetId, folder: 'metadata', location, additiveOnly: true });
