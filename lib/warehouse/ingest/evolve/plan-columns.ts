/** Decides what must change of a table so that a batch fits it, and what of the batch is left out. Pure. */
import { type ColumnType, unionOf } from '@/lib/warehouse/ingest/column-types';
import { nameProblem } from '@/lib/warehouse/ingest/evolve/column-names';
import type { DiscardReason, LoadField } from '@/lib/warehouse/ingest/evolve/prepared';
import { takes } from '@/lib/warehouse/ingest/evolve/values';

export type AddedColumn = { name: string; type: ColumnType };
export type WidenedColumn = { name: string; from: string; to: ColumnType };

export type SchemaPlan = {
  add: AddedColumn[];
  /** By ALTER COLUMN, one statement each. */
  widen: WidenedColumn[];
  /** By writing the table anew, all in one. */
  rewrite: WidenedColumn[];
  /** Columns that are not made, with the reason. */
  leftOut: Map<string, DiscardReason>;
};

export type PlanLimits = {
  maxColumns: number;
  /** New columns that the hour still allows. */
  newColumns: number;
  /** Columns that a person let pass, whatever the limits say. */
  allowed: ReadonlySet<string>;
  mayRewrite: boolean;
};

/** The service's own limit. */
const mostColumns = 10_000;
/** So many columns are widened in place in one go; beyond, one new table takes less of the service's rate of changes. */
const mostWidenedInPlace = 3;

const standardKey = (name: string) => name.toLowerCase();

/** Fields by name as BigQuery compares them: without case. */
export const fieldsByName = (fields: readonly LoadField[]): Map<string, LoadField> =>
  new Map(fields.map(field => [standardKey(field.name), field]));

type Way = { to: ColumnType; by: 'in_place' | 'rewrite' };

/** What one value's type asks of the column; null = nothing, or nothing that can be done. */
function wayOf(have: string, value: ColumnType): Way | null {
  if (takes(have, value)) return null;
  if (value === 'FLOAT64' && ['INT64', 'NUMERIC', 'BIGNUMERIC'].includes(have))
    return { to: 'FLOAT64', by: 'in_place' };
  const canBeText = ['INT64', 'FLOAT64', 'BOOL', 'TIMESTAMP', 'NUMERIC', 'BIGNUMERIC'].includes(have);
  return canBeText ? { to: 'STRING', by: 'rewrite' } : null;
}

function widening(field: LoadField, values: readonly ColumnType[], mayRewrite: boolean): Way | null {
  let [have, last]: [string, Way | null] = [field.type, null];
  for (const value of values) {
    const way = wayOf(have, value);
    if (!way || (way.by === 'rewrite' && !mayRewrite)) continue;
    have = way.to;
    last = way;
  }
  return last;
}

/**
 * Plans for columns `wanted` (types seen, in order) of a table with `live` columns. `fixed` keep their type: the partition
 * and the standard columns. `base` columns are made whatever the limits say.
 */
export function planColumns(
  live: readonly LoadField[],
  wanted: ReadonlyMap<string, readonly ColumnType[]>,
  rules: PlanLimits & { base: ReadonlySet<string>; fixed: ReadonlySet<string> },
): SchemaPlan {
  const plan: SchemaPlan = { add: [], widen: [], rewrite: [], leftOut: new Map() };
  const byName = fieldsByName(live);
  let left = rules.newColumns;
  for (const [name, types] of wanted) {
    const field = byName.get(standardKey(name));
    if (field) {
      if (rules.fixed.has(name) || field.mode === 'REPEATED') continue;
      const way = widening(field, types, rules.mayRewrite);
      if (way)
        plan[way.by === 'rewrite' ? 'rewrite' : 'widen'].push({ name: field.name, from: field.type, to: way.to });
      continue;
    }
    const problem = nameProblem(name);
    const isFree = rules.base.has(name) || rules.allowed.has(name);
    const columns = live.length + plan.add.length;
    if (problem) plan.leftOut.set(name, problem);
    else if (columns >= (isFree ? mostColumns : rules.maxColumns)) plan.leftOut.set(name, 'column_budget');
    else if (!isFree && left <= 0) plan.leftOut.set(name, 'column_burst');
    else {
      if (!isFree) left--;
      plan.add.push({ name, type: unionOf(types) });
    }
  }
  const byTable = plan.rewrite.length > 0 || (plan.widen.length > mostWidenedInPlace && rules.mayRewrite);
  if (!byTable) return plan;
  return { ...plan, rewrite: [...plan.widen, ...plan.rewrite], widen: [] };
}
