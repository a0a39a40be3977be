/** The desk's tables that every customer has, and which of their columns are not shown. Source: docs/desk.md, What can be asked. */
import type { DeskColumn, DeskTable, TableGroup } from '@/lib/domains/desk/rules';
import { loadDefinitions, type SchemaFolder, type TableDefinition } from '@/lib/warehouse/schemas/definition';

type Shown = {
  folder: Extract<SchemaFolder, 'metadata' | 'agent'>;
  table: string;
  group: TableGroup;
  /** Columns that the view leaves out, each with the reason. */
  leftOut: Record<string, string>;
};

const ownId = 'It is the same in every row: the views hold one organization only.';

export const shownTables: readonly Shown[] = [
  { folder: 'metadata', table: 'pipeline_runs', group: 'metadata', leftOut: { tenant_id: ownId } },
  {
    folder: 'metadata',
    table: 'run_details',
    group: 'metadata',
    leftOut: { tenant_id: ownId, error_fingerprint: 'It is the hash of error_pattern, by which pages count.' },
  },
  { folder: 'metadata', table: 'step_logs', group: 'metadata', leftOut: {} },
  { folder: 'metadata', table: 'dq_results', group: 'metadata', leftOut: { tenant_id: ownId } },
  {
    folder: 'metadata',
    table: 'sessions',
    group: 'ai-usage',
    leftOut: { id: 'The loader numbers rows by it; trace_hash names the request.' },
  },
  {
    folder: 'metadata',
    table: 'session_details',
    group: 'ai-usage',
    leftOut: {
      price_id: 'It names a row of the price book, which is not among the tables.',
      loaded_at: 'The loader finds repeats by it.',
    },
  },
  {
    folder: 'metadata',
    table: 'ai_usage_days',
    group: 'ai-usage',
    leftOut: { usage_key: 'It is the hash of the columns beside it, by which rows are written.' },
  },
  { folder: 'metadata', table: 'pull_requests', group: 'ai-usage', leftOut: {} },
  {
    folder: 'metadata',
    table: 'pull_request_details',
    group: 'ai-usage',
    leftOut: { repository_id: 'It names the connection to GitHub, which is not among the tables.' },
  },
  { folder: 'metadata', table: 'commits', group: 'ai-usage', leftOut: {} },
  { folder: 'agent', table: 'chat_events', group: 'agent-log', leftOut: {} },
  { folder: 'agent', table: 'repo_snapshots', group: 'agent-log', leftOut: {} },
];

const column = (name: string, type: string, description: string): DeskColumn => ({
  name,
  type,
  repeated: false,
  description,
});

/** The view sql/views/create-tool-executions.sql, which no file of schemas/ describes. */
export const toolExecutions: DeskTable = {
  name: 'tool_executions',
  group: 'agent-log',
  description: 'One row per call of a tool that has ended: its start and its end in chat_events, paired.',
  columns: [
    column('execution_id', 'STRING', 'Call of the tool, as its sender names it; of a query of this desk its id.'),
    column('tool_name', 'STRING', 'Tool that was called.'),
    column('start_time', 'TIMESTAMP', 'When it began, UTC. NULL where only its end was reported.'),
    column('end_time', 'TIMESTAMP', 'When it ended, UTC.'),
    column(
      'duration_ms',
      'INT64',
      'Milliseconds as its sender measured them, else from start to end. NULL where neither is known.',
    ),
    column('status', 'STRING', 'success or failure, as the sender says. NULL where it does not.'),
    column('error_message', 'STRING', 'Why it failed. NULL unless it did.'),
    column('bytes_billed', 'INT64', 'Bytes that BigQuery billed for it. NULL where none were told.'),
  ],
  partitionColumn: null,
  needsFilter: false,
};

export type FixedTable = { folder: Shown['folder']; base: string; table: DeskTable };

function shownTable({ folder, table, group, leftOut }: Shown, definition: TableDefinition): FixedTable {
  const columns = definition.fields
    .filter(field => !(field.name in leftOut))
    .map(({ name, type, mode, description }) => ({ name, type, repeated: mode === 'REPEATED', description }));
  const { description, partitioning } = definition;
  return {
    folder,
    base: table,
    table: {
      ...{ name: table, group, description, columns },
      partitionColumn: partitioning?.field ?? null,
      needsFilter: partitioning?.requirePartitionFilter ?? false,
    },
  };
}

let read: readonly FixedTable[] | null = null;

/** The tables by their definitions in schemas/, which are read once a process. */
export function fixedTables(): readonly FixedTable[] {
  if (read) return read;
  const folders = { metadata: loadDefinitions('metadata'), agent: loadDefinitions('agent') };
  const tables = shownTables.map(shown => {
    const definition = folders[shown.folder].find(({ table }) => table === shown.table);
    if (!definition) throw new Error(`schemas/${shown.folder} has no table ${shown.table}`);
    return shownTable(shown, definition);
  });
  read = [...tables, { folder: 'agent', base: 'chat_events', table: toolExecutions }];
  return read;
}
