/** The tables of events as the loader makes them. Source: docs/spec/004-event-collection.md, Table Structure and Standard Columns. */
import { type CallType, tableOfType, usersTable } from '@/lib/domains/events/rules';
import { env } from '@/lib/platform/env';
import type { BaseColumn, EvolvingTables, TableSpec } from '@/lib/warehouse/ingest/table-spec';

const id: BaseColumn = { name: 'id', type: 'STRING', description: 'Unique message id of the event.' };
const anonymousId: BaseColumn = { name: 'anonymous_id', type: 'STRING', description: 'Anonymous id of the user.' };
const userId: BaseColumn = { name: 'user_id', type: 'STRING', description: 'Known id of the user, when available.' };

/** What every table has beside its ids. */
const common: readonly BaseColumn[] = [
  { name: 'received_at', type: 'TIMESTAMP', description: 'When the event was received.' },
  { name: 'sent_at', type: 'TIMESTAMP', description: 'When the event was sent, by the client’s clock.' },
  { name: 'timestamp', type: 'TIMESTAMP', description: 'When it happened, corrected for the client’s clock.' },
  { name: 'original_timestamp', type: 'TIMESTAMP', description: 'When it happened, by the client’s clock.' },
  { name: 'uuid_ts', type: 'TIMESTAMP', description: 'When it was processed, for debugging.' },
  { name: 'loaded_at', type: 'TIMESTAMP', description: 'When it was loaded into BigQuery.' },
  { name: 'context_ip', type: 'STRING', description: 'Address of the client, or its network.' },
  { name: 'context_user_agent', type: 'STRING', description: 'Browser or other client.' },
  { name: 'context_library_name', type: 'STRING', description: 'Library that sent it.' },
  { name: 'context_library_version', type: 'STRING', description: 'Version of that library.' },
];

const ofEvents: readonly BaseColumn[] = [
  { name: 'event', type: 'STRING', description: 'Name of the event as its table is named.' },
  { name: 'event_text', type: 'STRING', description: 'Name of the event as it was sent.' },
];
const ofViews: readonly BaseColumn[] = [
  { name: 'name', type: 'STRING', description: 'Name of what was viewed.' },
  { name: 'category', type: 'STRING', description: 'Category of what was viewed.' },
];

const ofType: Record<CallType, { description: string; columns: readonly BaseColumn[]; clustering: readonly string[] }> =
  {
    track: {
      description: 'All track calls, without their properties.',
      columns: ofEvents,
      clustering: ['event', 'user_id'],
    },
    identify: { description: 'All identify calls with their traits.', columns: [], clustering: ['user_id'] },
    page: { description: 'All page calls with their properties.', columns: ofViews, clustering: ['user_id'] },
    screen: { description: 'All screen calls with their properties.', columns: ofViews, clustering: ['user_id'] },
    group: {
      description: 'All group calls with the traits of the group.',
      columns: [{ name: 'group_id', type: 'STRING', description: 'Id of the group.' }],
      clustering: ['group_id', 'user_id'],
    },
    alias: {
      description: 'All alias calls: two ids of one user.',
      columns: [{ name: 'previous_id', type: 'STRING', description: 'The id the user had before.' }],
      clustering: ['user_id'],
    },
  };

const typeOfTable = new Map(Object.entries(tableOfType).map(([type, table]) => [table, type as CallType]));

/** Base of a table of a source's dataset: fixed ones by their names, every other one is that of an event. */
function specOf(tableName: string): TableSpec {
  if (tableName === usersTable) {
    const columns = [{ ...id, description: 'Id of the user.' }, userId, ...common];
    return { description: 'One row a user, with the latest traits.', columns, clustering: ['id'] };
  }
  const type = typeOfTable.get(tableName);
  const base = type
    ? ofType[type]
    : { description: 'One event with its properties.', columns: ofEvents, clustering: ['user_id'] };
  return { ...base, columns: [id, anonymousId, userId, ...common, ...base.columns] };
}

/** Events as the loader knows them. */
export const eventIngest: EvolvingTables = {
  log: 'events',
  versionsOf: tableName => [`source.${tableName}`],
  specOf,
  managesTables: () => env().BIGQUERY_AUTO_TABLE_MANAGEMENT,
};
