/** Rows of NDJSON as the proto2 messages that a stream takes, value by value from their text, so that numbers stay as they were written. */
import protobuf from 'protobufjs/minimal.js';
import { LoadRefusedError } from '@/lib/platform/bigquery/load-job';
import type { RowDescriptor } from '@/lib/platform/bigquery/streams/pending-stream';
import { eachCell, linesOf } from '@/lib/warehouse/ingest/evolve/flat-row';
import type { LoadField } from '@/lib/warehouse/ingest/evolve/prepared';
import { dayOf, doubleOf, int64Of, microsecondsOf, textOf } from '@/lib/warehouse/ingest/load/stream/proto-values';

/** Bytes of rows in one request; the service takes 10 MB with all that stands around them. */
const sliceBytes = 8_000_000;

type Kind = { type: number; wire: number; write: (writer: protobuf.Writer, json: string) => void };

/** Numbers of types and of their wire forms, as descriptor.proto and the encoding of messages have them. */
const string: Kind = { type: 9, wire: 2, write: (writer, json) => writer.string(textOf(json)) };
const kinds: Record<string, Kind> = {
  STRING: string,
  NUMERIC: string,
  BIGNUMERIC: string,
  DATETIME: string,
  TIME: string,
  // The column takes the text of JSON, which for a text has its quotes.
  JSON: { ...string, write: (writer, json) => writer.string(json) },
  BYTES: { type: 12, wire: 2, write: (writer, json) => writer.bytes(Buffer.from(textOf(json), 'base64')) },
  BOOL: { type: 8, wire: 0, write: (writer, json) => writer.bool(textOf(json) === 'true') },
  INT64: { type: 3, wire: 0, write: (writer, json) => writer.int64(int64Of(json)) },
  FLOAT64: { type: 1, wire: 1, write: (writer, json) => writer.double(doubleOf(json)) },
  TIMESTAMP: { type: 3, wire: 0, write: (writer, json) => writer.int64(microsecondsOf(json)) },
  DATE: { type: 5, wire: 0, write: (writer, json) => writer.int32(dayOf(json)) },
};

const required = 2;
const optional = 1;
/** Names that a message's field may have; columns of other names, made by hand, get no values from us. */
const protoName = /^[A-Za-z_][A-Za-z0-9_]*$/;

type Column = Kind & { name: string; number: number; label: number; bigqueryType: string };

const columnsOf = (fields: readonly LoadField[]): Column[] =>
  fields.flatMap(({ name, type, mode }, index) => {
    const kind = kinds[type];
    if (!kind || mode === 'REPEATED' || !protoName.test(name)) return [];
    const label = mode === 'REQUIRED' ? required : optional;
    return [{ ...kind, name, number: index + 1, label, bigqueryType: type }];
  });

export type EncodedRows = { descriptor: RowDescriptor; slices: Uint8Array[][]; rows: number };

/** Throws LoadRefusedError in the words of a load job: a column that is not there, or the row with a value its column cannot take. */
export function encodeRows({ ndjson, fields }: { ndjson: string; fields: readonly LoadField[] }): EncodedRows {
  const columns = columnsOf(fields);
  const byName = new Map(columns.map(column => [column.name, column]));
  let [slice, bytes, rows] = [[] as Uint8Array[], 0, 0];
  const slices = [slice];
  for (const line of linesOf(ndjson)) {
    const row = encodeRow(line, byName, rows);
    if (bytes + row.length > sliceBytes && slice.length > 0) {
      [slice, bytes] = [[], 0];
      slices.push(slice);
    }
    slice.push(row);
    bytes += row.length;
    rows++;
  }
  const field = columns.map(({ name, number, label, type }) => ({ name, number, label, type }));
  return { descriptor: { name: 'row', field }, slices, rows };
}

function encodeRow(line: string, columns: ReadonlyMap<string, Column>, number: number): Uint8Array {
  const writer = protobuf.Writer.create();
  eachCell(line, (name, json) => {
    if (json === 'null') return;
    const column = columns.get(name);
    if (!column) throw new LoadRefusedError(`No such field: ${name}.`, 'invalid', null);
    try {
      column.write(writer.uint32((column.number << 3) | column.wire), json);
    } catch {
      const words = `Could not convert value '${json.slice(0, 200)}' to ${column.bigqueryType}. Field: ${name}`;
      throw new LoadRefusedError(words, 'invalid', number);
    }
  });
  return writer.finish();
}
