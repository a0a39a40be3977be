/** What the desk of a customer is made of: each table with the statement of its view and what lies beneath. Source: docs/desk.md, What can be asked. */
import { type EventTable, eventTables } from '@/lib/domains/desk/catalog/event-tables';
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

function ofFixed({ folder, base: name, table }: FixedTable, tenantDatasetId: string): CatalogTable {
  const dataset =
    folder === 'agent'
      ? `${logsProjectId()}.${agentDatasetOf(tenantDatasetId)}`
      : `${env().GOOGLE_CLOUD_PROJECT}.${tenantDatasetId}`;
  const base = `${dataset}.${name}`;
  const select = table === toolExecutions ? toolExecutionsSelect(tenantDatasetId) : selectOf(table, base);
  return { table, base, select };
}

function ofEvents({ dataset, base: name, table }: EventTable): CatalogTable {
  const base = `${env().GOOGLE_CLOUD_PROJECT}.${dataset}.${name}`;
  return { table, base, select: selectOf(table, base) };
}

const byGroupAndName = (a: CatalogTable, b: CatalogTable): number =>
  tableGroups.indexOf(a.table.group) - tableGroups.indexOf(b.table.group) || (a.table.name < b.table.name ? -1 : 1);

/** The customer's tables by group and name. */
export async function catalogOf(ctx: CustomerCtx): Promise<CatalogTable[]> {
  const fixed = fixedTables().map(table => ofFixed(table, ctx.tenantDatasetId));
  const events = (await eventTables(ctx.customerId)).map(ofEvents);
  return [...fixed, ...events].toSorted(byGroupAndName);
}
