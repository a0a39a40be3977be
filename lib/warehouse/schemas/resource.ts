/** Table resources as BigQuery's REST API takes them, from definitions. */
import type { FieldDefinition, TableDefinition } from '@/lib/warehouse/schemas/definition';
import type { PolicyTags } from '@/lib/warehouse/schemas/plan';
import type { LiveField, LiveTable } from '@/lib/warehouse/schemas/rest';

/** A column; keeps the live policy tags where none are named. */
function fieldResource(field: FieldDefinition, policyTags: PolicyTags = {}, live?: LiveField): LiveField {
  const tag = field.policyTag && policyTags[field.policyTag];
  const tags = tag ? { names: [tag] } : live?.policyTags;
  return {
    name: field.name,
    type: field.type,
    mode: field.mode,
    description: field.description,
    ...(field.precision === undefined ? {} : { precision: String(field.precision), scale: String(field.scale) }),
    ...(field.default === undefined ? {} : { defaultValueExpression: field.default }),
    ...(tags ? { policyTags: tags } : {}),
  };
}

/** Partitioning, clustering, key, description and labels. */
function settingsResource(definition: TableDefinition) {
  const { partitioning, clustering } = definition;
  return {
    description: definition.description,
    labels: definition.labels,
    ...(clustering ? { clustering: { fields: clustering } } : {}),
    ...(partitioning
      ? {
          timePartitioning: {
            type: partitioning.type,
            field: partitioning.field,
            ...(partitioning.expirationMs === undefined ? {} : { expirationMs: String(partitioning.expirationMs) }),
          },
          requirePartitionFilter: partitioning.requirePartitionFilter ?? false,
        }
      : {}),
    tableConstraints: { primaryKey: { columns: definition.primaryKey } },
  };
}

/** Body of tables.insert. */
export function newTable(project: string, dataset: string, definition: TableDefinition, policyTags?: PolicyTags) {
  return {
    tableReference: { projectId: project, datasetId: dataset, tableId: definition.table },
    ...settingsResource(definition),
    schema: { fields: definition.fields.map(field => fieldResource(field, policyTags)) },
  };
}

/** Body of tables.patch: columns in their live order with new ones at the end, as the service asks for. */
export function patchedTable(live: LiveTable, definition: TableDefinition, policyTags?: PolicyTags) {
  const wanted = new Map(definition.fields.map(field => [field.name, field]));
  const present = live.schema?.fields ?? [];
  const kept = present.map(column => {
    const field = wanted.get(column.name);
    return field ? fieldResource(field, policyTags, column) : column;
  });
  const names = new Set(present.map(column => column.name));
  const added = definition.fields.filter(field => !names.has(field.name));
  const settings = settingsResource(definition);
  const expires = definition.partitioning?.expirationMs !== undefined;
  return {
    ...settings,
    // The local BigQuery puts these in the place of all labels, the service adds them.
    labels: { ...live.labels, ...definition.labels },
    ...(definition.clustering ? {} : { clustering: null }),
    // A patch leaves out what it does not name: an expiration is taken away only by null.
    ...(settings.timePartitioning && live.timePartitioning?.expirationMs && !expires
      ? { timePartitioning: { ...settings.timePartitioning, expirationMs: null } }
      : {}),
    schema: { fields: [...kept, ...added.map(field => fieldResource(field, policyTags))] },
  };
}

/** Body of tables.patch that brings only the named columns to their definition; all else stays as it is live. */
export function grownTable(live: LiveTable, definition: TableDefinition, columns: ReadonlySet<string | undefined>) {
  const wanted = new Map(definition.fields.filter(({ name }) => columns.has(name)).map(field => [field.name, field]));
  const present = live.schema?.fields ?? [];
  const kept = present.map(column => {
    const field = wanted.get(column.name);
    wanted.delete(column.name);
    return field ? fieldResource(field, undefined, column) : column;
  });
  return { schema: { fields: [...kept, ...[...wanted.values()].map(field => fieldResource(field))] } };
}
