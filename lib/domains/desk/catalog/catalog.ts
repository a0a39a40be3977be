/** What the desk of a customer is made of: each table with the statement of its view and what lies beneath. Source: docs/desk.md, What can be asked. */
import { type EventTable, eventBases, eventTables } from '@/lib/domains/desk/catalog/event-tables';
import { type FixedTable, fixedTables, toolExecutions } from '@/lib/domains/desk/catalog/fixed-tables';
import { type DeskTable, tableGroups } from '@/lib/domains/desk/rules';
import type { CustomerCtx } from '@/lib/kernel/ctx';
import { env } from '@/lib/platform/env';
import { sqlFile } from '@/lib/platform/sql-file';
import { agentDatasetOf, logsProjectId } from '@/lib/warehouse/agent-dataset';
import { withDatasets } from '@/lib/warehouse/query/datasets';

export type CatalogTable = {
  table: DeskTable;
  /** What the view reads, as `project.dataset.table`. */
  base: string;
  /** The SELECT that the view stands for. */
  select: string;
};

/** Columns by name: what a table gets later is shown once it is known what it is. */
const selectOf = ({ columns }: DeskTable, base: string): string =>
  `SELECT\n${columns.map(({ name }) => `  \`${name}\``).join(',\n')}\nFROM \`${base}\``;

/** The statement that makes the view of the agent's dataset, without its head. */
function toolExecutionsSelect(tenantDatasetId: string): string {
  const text = withDatasets(sqlFile('views/create-tool-executions.sql'), { tenant: tenantDatasetId, source: null });
  const [, select] = /^CREATE OR REPLACE VIEW .* AS\n([\s\S]+)$/m.exec(text) ?? [];
  if (!select) throw new Error('sql/views/create-tool-executions.sql makes no view');
  return select.trim();
}

const baseOfFixed = ({ folder, base }: FixedTable, tenantDatasetId: string): string =>
  folder === 'agent'
    ? `${logsProjectId()}.${agentDatasetOf(tenantDatasetId)}.${base}`
    : `${env().GOOGLE_CLOUD_PROJECT}.${tenantDatasetId}.${base}`;

const baseOfEvents = ({ dataset, base }: { dataset: string; base: string }): string =>
  `${env().GOOGLE_CLOUD_PROJECT}.${dataset}.${base}`;

function ofFixed(fixed: FixedTable, tenantDatasetId: string): CatalogTable {
  const { table } = fixed;
  const base = baseOfFixed(fixed, tenantDatasetId);
  const select = table === toolExecutions ? toolExecutionsSelect(tenantDatasetId) : selectOf(table, base);
  return { table, base, select };
}

function ofEvents(events: EventTable): CatalogTable {
  const base = baseOfEvents(events);
  return { table: events.table, base, select: selectOf(events.table, base) };
}

const byGroupAndName = (a: CatalogTable, b: CatalogTable): number =>
  tableGroups.indexOf(a.table.group) - tableGroups.indexOf(b.table.group) || (a.table.name < b.table.name ? -1 : 1);

/** What lies beneath each of the customer's tables, by the tables' names, without asking for their columns. */
export async function basesOf({ customerId, tenantDatasetId }: CustomerCtx): Promise<Map<string, string>> {
  const fixed = fixedTables().map(table => [table.table.name, baseOfFixed(table, tenantDatasetId)] as const);
  const events = (await eventBases(customerId)).map(table => [table.name, baseOfEvents(table)] as const);
  return new Map([...fixed, ...events]);
}

/** The customer's tables, or these of them, by group and name. */
export async function catalogOf(
  { customerId, tenantDatasetId }: CustomerCtx,
  only?: ReadonlySet<string>,
): Promise<CatalogTable[]> {
  const isWanted = (name: string) => only?.has(name) ?? true;
  const fixed = fixedTables().filter(({ table }) => isWanted(table.name));
  const events = await eventTables((await eventBases(customerId)).filter(({ name }) => isWanted(name)));
  return [...fixed.map(table => ofFixed(table, tenantDatasetId)), ...events.map(ofEvents)].toSorted(byGroupAndName);
}
