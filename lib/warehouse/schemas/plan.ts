/** What would change: compares a live table with its definition and names each step, or why it is refused. */
import type { BigQuery } from '@google-cloud/bigquery';
import { waitingForDefault } from '@/lib/warehouse/schemas/backfill';
import { columnType, typeText } from '@/lib/warehouse/schemas/ddl';
import type { FieldDefinition, PolicyTagName, TableDefinition } from '@/lib/warehouse/schemas/definition';
import {
  assertDatasetId,
  getDataset,
  getTable,
  type Keeps,
  keepsOf,
  type LiveField,
  type LiveTable,
  type Store,
  storeOf,
} from '@/lib/warehouse/schemas/rest';
import { canWiden, standardType } from '@/lib/warehouse/schemas/types';

export type ChangeKind =
  | 'create_dataset'
  | 'create_table'
  | 'add_column'
  | 'relax_mode'
  | 'widen_type'
  | 'backfill'
  | 'set_default'
  | 'set_description'
  | 'set_labels'
  | 'set_clustering'
  | 'set_partition_settings'
  | 'set_primary_key'
  | 'set_policy_tag'
  | 'replace_view'
  | 'refuse';

/** Kinds that take nothing away from a table that is there. */
export const additiveKinds: ReadonlySet<ChangeKind> = new Set([
  'create_dataset',
  'create_table',
  'add_column',
  'relax_mode',
  'widen_type',
] satisfies ChangeKind[]);

export type Change = {
  kind: ChangeKind;
  dataset: string;
  /** Absent where the dataset itself changes. */
  table?: string;
  column?: string;
  /** One sentence for people; for `refuse` it says why. */
  detail: string;
};

/** Resource names of the policy tags, by their name in the schema files. */
export type PolicyTags = Partial<Record<PolicyTagName, string>>;

type Comparison = { dataset: string; definition: TableDefinition; keeps: Keeps; policyTags?: PolicyTags | undefined };
type Step = (kind: ChangeKind, detail: string, column?: string) => Change;

const number = (text: string | undefined) => (text === undefined ? undefined : Number(text));
const same = (left: unknown, right: unknown) => JSON.stringify(left) === JSON.stringify(right);

/** The live column's type in the terms of a definition. */
const liveType = (field: LiveField) => ({
  type: standardType(field.type),
  precision: number(field.precision),
  scale: field.precision === undefined ? undefined : Number(field.scale ?? 0),
});

function compareType(wanted: FieldDefinition, live: LiveField, { keeps }: Comparison, step: Step): Change[] {
  const found = liveType(live);
  const sameSize = !keeps('precision') || (found.precision === wanted.precision && found.scale === wanted.scale);
  if (found.type === wanted.type && sameSize) return [];
  const text = `${typeText(found)} to ${typeText(wanted)}`;
  if (canWiden(found, wanted)) return [step('widen_type', `widen ${text}`, wanted.name)];
  return [step('refuse', `type ${text} loses values or is not supported in place; make a new column`, wanted.name)];
}

function compareMode(wanted: FieldDefinition, live: LiveField, step: Step): Change[] {
  const mode = live.mode || 'NULLABLE';
  if (mode === wanted.mode) return [];
  if (mode === 'REQUIRED' && wanted.mode === 'NULLABLE') {
    return [step('relax_mode', 'relax REQUIRED to NULLABLE', wanted.name)];
  }
  const reason = wanted.mode === 'REQUIRED' ? 'rows without a value may exist' : 'REPEATED cannot be changed in place';
  return [step('refuse', `mode ${mode} to ${wanted.mode}: ${reason}`, wanted.name)];
}

function compareField(wanted: FieldDefinition, live: LiveField, comparison: Comparison, step: Step): Change[] {
  const mode = compareMode(wanted, live, step);
  const repeats = wanted.mode === 'REPEATED' || live.mode === 'REPEATED';
  const changes = repeats && mode.length ? mode : [...compareType(wanted, live, comparison, step), ...mode];
  if (comparison.keeps('default') && (live.defaultValueExpression ?? '') !== (wanted.default ?? '')) {
    changes.push(step('set_default', `default becomes ${wanted.default ?? 'none'}`, wanted.name));
  }
  if ((live.description ?? '') !== wanted.description) {
    changes.push(step('set_description', 'description changes', wanted.name));
  }
  const tag = wanted.policyTag && comparison.policyTags?.[wanted.policyTag];
  if (tag && comparison.keeps('policyTag') && !live.policyTags?.names?.includes(tag)) {
    changes.push(step('set_policy_tag', `policy tag ${wanted.policyTag}`, wanted.name));
  }
  return changes;
}

function compareColumns(live: LiveTable, comparison: Comparison, step: Step): Change[] {
  const found = new Map((live.schema?.fields ?? []).map(field => [field.name, field]));
  const wanted = new Set(comparison.definition.fields.map(field => field.name));
  const waiting = new Set(waitingForDefault(live));
  const changes = comparison.definition.fields.flatMap(field => {
    const column = found.get(field.name);
    const fill =
      field.default === undefined ? [] : [step('backfill', `older rows get the default ${field.default}`, field.name)];
    if (column) return [...compareField(field, column, comparison, step), ...(waiting.has(field.name) ? fill : [])];
    if (field.mode !== 'REQUIRED') return [step('add_column', `add ${columnType(field)}`, field.name), ...fill];
    return [step('refuse', 'a new column cannot be REQUIRED; make it NULLABLE with a default', field.name)];
  });
  const extra = [...found.keys()].filter(name => !wanted.has(name));
  return [
    ...changes,
    ...extra.map(name =>
      step('refuse', 'the live table has it and the schema file does not; nothing is dropped', name),
    ),
  ];
}

function comparePartitioning(live: LiveTable, { definition, keeps }: Comparison, step: Step): Change[] {
  const wanted = definition.partitioning;
  const found = live.timePartitioning;
  const partitionText = (parts: { type?: string; field?: string } | undefined) =>
    parts ? `${parts.type} of ${parts.field ?? 'load time'}` : 'none';
  if (partitionText(found) !== partitionText(wanted)) {
    const text = `partitioning ${partitionText(found)} to ${partitionText(wanted)} needs a new table`;
    return [step('refuse', text)];
  }
  if (!keeps('partitionSettings')) return [];
  const settings = (expiration: number | undefined, filter: boolean | undefined) =>
    `expiration ${expiration === undefined ? 'never' : `${expiration} ms`}, filter ${filter ? 'required' : 'optional'}`;
  const next = settings(wanted?.expirationMs, wanted?.requirePartitionFilter);
  if (settings(number(found?.expirationMs), live.requirePartitionFilter) === next) return [];
  return [step('set_partition_settings', `partitions: ${next}`)];
}

/** All changes from a live table (null: none yet) to its definition, refusals included. Pure. */
export function compareTable(live: LiveTable | null, comparison: Comparison): Change[] {
  const { dataset, definition, keeps } = comparison;
  const step: Step = (kind, detail, column) => ({
    kind,
    dataset,
    table: definition.table,
    detail,
    ...(column && { column }),
  });
  if (!live) return [step('create_table', `create with ${definition.fields.length} columns`)];
  if (live.type !== undefined && live.type !== 'TABLE') {
    return [step('refuse', `a ${live.type} of this name exists; it is not a table`)];
  }
  const changes = [...compareColumns(live, comparison, step), ...comparePartitioning(live, comparison, step)];
  const clustering = definition.clustering ?? [];
  if (!same(live.clustering?.fields ?? [], clustering)) {
    changes.push(step('set_clustering', `cluster by ${clustering.join(', ') || 'nothing'}`));
  }
  if (keeps('primaryKey') && !same(live.tableConstraints?.primaryKey?.columns ?? [], definition.primaryKey)) {
    changes.push(step('set_primary_key', `primary key ${definition.primaryKey.join(', ')}`));
  }
  if ((live.description ?? '') !== definition.description) changes.push(step('set_description', 'description changes'));
  const labels = Object.entries(definition.labels);
  if (labels.some(([key, value]) => live.labels?.[key] !== value)) {
    changes.push(step('set_labels', `labels ${labels.map(pair => pair.join('=')).join(', ')}`));
  }
  return changes;
}

export type PlanOptions = {
  dataset: string;
  definitions: TableDefinition[];
  location?: string;
  policyTags?: PolicyTags | undefined;
  /** Told by the client's address unless given, as for a service behind an address of one's own. */
  store?: Store | undefined;
};

/** What applying the definitions to a dataset would change; reads metadata only, which costs nothing. */
export async function planSchemas(client: BigQuery, options: PlanOptions): Promise<Change[]> {
  const { dataset, definitions, location, policyTags } = options;
  assertDatasetId(dataset);
  const found = await getDataset(client, dataset);
  const changes: Change[] = [];
  if (!found)
    changes.push({ kind: 'create_dataset', dataset, detail: `create in ${location ?? 'the default location'}` });
  if (found && location && found.location && found.location.toLowerCase() !== location.toLowerCase()) {
    const detail = `lies in ${found.location}, not in ${location}; a dataset cannot move`;
    return [{ kind: 'refuse', dataset, detail }];
  }
  const compared = await Promise.all(
    definitions.map(async definition => {
      const live = found ? await getTable(client, dataset, definition.table) : null;
      return compareTable(live, { dataset, definition, keeps: keepsOf(options.store ?? storeOf(client)), policyTags });
    }),
  );
  return [...changes, ...compared.flat()];
}
