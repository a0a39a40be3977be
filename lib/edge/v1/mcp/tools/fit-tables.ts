/** Makes descriptions of tables fit into one answer: columns go first, of the largest tables, and the name of a table never does. */

/** A table of an answer; without columns where they are told elsewhere. */
type Described = { name: string; columns: readonly unknown[] };
export type FittedTables<Table> = {
  tables: Table[];
  /** Names of the tables that did not fit even without columns. */
  more: string[];
};

/** Bytes of a value in an answer, which has it as data and as a text of JSON. */
function bytesOf(value: unknown): number {
  const text = JSON.stringify(value);
  return Buffer.byteLength(text) + Buffer.byteLength(JSON.stringify(text));
}

/** As many of the values as fit, from the first on. */
function firstOf<Value>(values: readonly Value[], most: number): Value[] {
  let left = most;
  const end = values.findIndex(value => {
    left -= bytesOf(value);
    return left < 0;
  });
  return end === -1 ? [...values] : values.slice(0, end);
}

const bare = <Table extends Described>(table: Table): Table => ({ ...table, columns: [] });

/** The tables within so many bytes; one alone keeps the first of its columns. */
export function fitTables<Table extends Described>(all: readonly Table[], most: number): FittedTables<Table> {
  const [only] = all;
  if (only && all.length === 1) {
    const columns = firstOf(only.columns, most - bytesOf(bare(only)));
    return { tables: [{ ...only, columns }], more: [] };
  }
  const sizes = new Map(all.map(table => [table.name, bytesOf(table)]));
  const sizeOf = ({ name }: Table): number => sizes.get(name) ?? 0;
  let size = all.reduce((sum, table) => sum + sizeOf(table), 0);
  const without = new Set<string>();
  for (const table of all.toSorted((one, other) => sizeOf(other) - sizeOf(one))) {
    if (size <= most) break;
    if (table.columns.length === 0) continue;
    size -= sizeOf(table) - bytesOf(bare(table));
    without.add(table.name);
  }
  const fitted = all.map(table => (without.has(table.name) ? bare(table) : table));
  if (size <= most) return { tables: fitted, more: [] };
  const names = all.reduce((sum, { name }) => sum + bytesOf(name), 0);
  const tables = firstOf(fitted, most - names);
  return { tables, more: fitted.slice(tables.length).map(({ name }) => name) };
}
