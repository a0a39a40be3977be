/** What the end of a Parquet file says of its columns and groups of rows. By parquet.thrift, FileMetaData of the Parquet format. */
import type { ByteWriter } from '@/lib/domains/traces/parquet/row-groups/byte-writer';
import type { ChunkSizes } from '@/lib/domains/traces/parquet/row-groups/column';
import { type ColumnKind, encodings } from '@/lib/domains/traces/parquet/row-groups/column-kinds';
import type { GroupFacts } from '@/lib/domains/traces/parquet/row-groups/row-group';
import { ThriftWriter } from '@/lib/domains/traces/parquet/row-groups/thrift';

type Column = { name: string; kind: ColumnKind };

const version = 1;
const optional = 1;
const uncompressed = 0;

function writeSchema(thrift: ThriftWriter, columns: readonly Column[]): void {
  thrift.list(2, 'struct', columns.length + 1);
  thrift.structItem(() => {
    thrift.text(4, 'rows');
    thrift.i32(5, columns.length);
  });
  for (const { name, kind } of columns)
    thrift.structItem(() => {
      thrift.i32(1, kind.physical);
      thrift.i32(3, optional);
      thrift.text(4, name);
      if (kind.converted !== null) thrift.i32(6, kind.converted);
      const { logical } = kind;
      if (logical) thrift.struct(10, () => logical(thrift));
    });
}

function writeChunk(
  thrift: ThriftWriter,
  { name, kind }: Column,
  { dictionary, all }: ChunkSizes,
  at: number,
  rows: number,
): void {
  const used = [encodings.plain, encodings.rle, dictionary > 0 ? encodings.dictionary : kind.encoding];
  thrift.structItem(() => {
    thrift.i64(2, at);
    thrift.struct(3, () => {
      thrift.i32(1, kind.physical);
      thrift.list(2, 'i32', used.length);
      for (const encoding of used) thrift.i32Item(encoding);
      thrift.list(3, 'text', 1);
      thrift.textItem(name);
      thrift.i32(4, uncompressed);
      thrift.i64(5, rows);
      thrift.i64(6, all);
      thrift.i64(7, all);
      thrift.i64(9, at + dictionary);
      if (dictionary > 0) thrift.i64(11, at);
    });
  });
}

/** Writes the facts of a file whose groups lie one behind the other from byte `start` on. */
export function writeFooter(
  out: ByteWriter,
  columns: readonly Column[],
  groups: readonly GroupFacts[],
  start: number,
): void {
  const thrift = new ThriftWriter(out);
  let at = start;
  thrift.structItem(() => {
    thrift.i32(1, version);
    writeSchema(thrift, columns);
    thrift.i64(
      3,
      groups.reduce((sum, { rows }) => sum + rows, 0),
    );
    thrift.list(4, 'struct', groups.length);
    for (const { rows, chunks } of groups)
      thrift.structItem(() => {
        const began = at;
        thrift.list(1, 'struct', columns.length);
        for (const [index, column] of columns.entries()) {
          const sizes = chunks[index]!;
          writeChunk(thrift, column, sizes, at, rows);
          at += sizes.all;
        }
        thrift.i64(2, at - began);
        thrift.i64(3, rows);
      });
  });
}
