/** Which columns of the warehouse people may ask for is decided column by column, and said. */
import { expect, test } from 'vitest';
import { fixedTables, shownTables } from '@/lib/domains/desk/catalog/fixed-tables';
import { loadDefinitions } from '@/lib/warehouse/schemas/definition';

const definitions = { metadata: loadDefinitions('metadata'), agent: loadDefinitions('agent') };
const definitionOf = ({ folder, table }: (typeof shownTables)[number]) => {
  const found = definitions[folder].find(definition => definition.table === table);
  if (!found) throw new Error(`no definition of ${table}`);
  return found;
};

test('the tables are those of the document, and no others of a customer’s datasets', () => {
  expect(fixedTables().map(({ table }) => `${table.group}: ${table.name}`)).toEqual([
    'metadata: pipeline_runs',
    'metadata: run_details',
    'metadata: step_logs',
    'metadata: dq_results',
    'ai-usage: sessions',
    'ai-usage: session_details',
    'ai-usage: ai_usage_days',
    'ai-usage: pull_requests',
    'ai-usage: pull_request_details',
    'ai-usage: commits',
    'agent-log: chat_events',
    'agent-log: repo_snapshots',
    'agent-log: tool_executions',
  ]);
});

test.each(shownTables)('every column of $table is shown, or left out with a reason', shown => {
  const fields = definitionOf(shown).fields.map(field => field.name);
  const table = fixedTables().find(({ table: { name } }) => name === shown.table)?.table;
  expect(fields).toEqual(expect.arrayContaining(Object.keys(shown.leftOut)));
  expect(table?.columns.map(column => column.name)).toEqual(fields.filter(name => !(name in shown.leftOut)));
  for (const reason of Object.values(shown.leftOut)) expect(reason).toMatch(/^It |^The /);
});

test('what is partitioned says by which column, which is never left out', () => {
  for (const shown of shownTables) {
    const table = fixedTables().find(({ table: { name } }) => name === shown.table)?.table;
    const { partitioning } = definitionOf(shown);
    expect(table?.partitionColumn, shown.table).toBe(partitioning?.field ?? null);
    if (partitioning) expect(table?.columns.map(column => column.name)).toContain(partitioning.field);
  }
});

test('a table that the service reads with a filter only says so, and has the column to filter by', () => {
  const needing = fixedTables().filter(({ table }) => table.needsFilter);
  expect(needing.map(({ table }) => [table.name, table.partitionColumn])).toEqual([
    ['step_logs', 'start_time'],
    ['dq_results', 'ingestion_date'],
  ]);
});

test('each table and column is told in words', () => {
  for (const { table } of fixedTables()) {
    expect(table.description, table.name).toMatch(/\w{3}/);
    for (const column of table.columns) expect(column.description, `${table.name}.${column.name}`).toMatch(/\w{3}/);
  }
});
