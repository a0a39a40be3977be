/** Rows of many calls as chunks of tables, and which chunks carry the rows of a call. */
import type { Outcome } from '@/lib/domains/events/process/outcome';
import { columnsOf, type Shape } from '@/lib/domains/events/transform/shapes';
import { newUuid } from '@/lib/platform/ids';
import type { ColumnType } from '@/lib/warehouse/ingest/column-types';
import type { NewChunk, TableMode } from '@/lib/warehouse/ingest/spool/new-chunk';

type Growing = { chunkId: string; customerId: string; mode: TableMode; lines: string[]; shapes: Set<Shape> };

/** Names of a call's tables and of the chunks with its rows, in the same order. */
export type Carried = { tableNames: string[]; chunkIds: string[] };

export type Gathered = { chunks: NewChunk[]; carried: Map<Outcome, Carried> };

function typesOf(shapes: ReadonlySet<Shape>): Record<string, ColumnType[]> {
  const types = new Map<string, ColumnType[]>();
  for (const { name, type } of new Set([...shapes].flatMap(columnsOf))) {
    const seen = types.get(name);
    if (!seen) types.set(name, [type]);
    else if (!seen.includes(type)) seen.push(type);
  }
  return Object.fromEntries(types);
}

/** One chunk a table, in the order in which the calls came. */
export function gatherChunks(outcomes: readonly Outcome[]): Gathered {
  const tables = new Map<string, Map<string, Growing>>();
  const growing = ({ source: { dataset, customerId } }: Outcome, table: string, mode: TableMode): Growing => {
    const ofDataset = tables.get(dataset) ?? new Map<string, Growing>();
    tables.set(dataset, ofDataset);
    const found = ofDataset.get(table) ?? { chunkId: newUuid(), customerId, mode, lines: [], shapes: new Set() };
    ofDataset.set(table, found);
    return found;
  };
  const carried = new Map<Outcome, Carried>();
  for (const outcome of outcomes) {
    const of: Carried = { tableNames: [], chunkIds: [] };
    for (const { table, mode, json, shapes } of outcome.rows) {
      const chunk = growing(outcome, table, mode);
      chunk.lines.push(json);
      for (const shape of shapes) chunk.shapes.add(shape);
      of.tableNames.push(table);
      of.chunkIds.push(chunk.chunkId);
    }
    carried.set(outcome, of);
  }
  const chunks = [...tables].flatMap(([dataset, ofDataset]) =>
    [...ofDataset].map(([tableName, { lines, shapes, ...chunk }]): NewChunk => {
      const ndjson = `${lines.join('\n')}\n`;
      return { ...chunk, log: 'events', dataset, tableName, columns: typesOf(shapes), ndjson, rows: lines.length };
    }),
  );
  return { chunks, carried };
}
