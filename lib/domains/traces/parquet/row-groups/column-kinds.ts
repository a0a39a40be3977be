/** How values of BigQuery's types stand in a Parquet file: physical types, encodings and bytes. By parquet.thrift and Encodings.md of the Parquet format. */
import { microsOfText } from '@/lib/domains/traces/normalize/instant';
import type { ByteWriter } from '@/lib/domains/traces/parquet/row-groups/byte-writer';
import { type Numbers, writeBits, writeDeltas } from '@/lib/domains/traces/parquet/row-groups/numbers';
import type { ThriftWriter } from '@/lib/domains/traces/parquet/row-groups/thrift';

/** Numbers of encodings in parquet.thrift. */
export const encodings = { plain: 0, rle: 3, deltaLengths: 6, dictionary: 8 } as const;

/** Values that wait: their bytes one after another, and of texts the length of each; of flags a number each. */
export type Gathered = { bytes: ByteWriter; numbers: Numbers };

export type ColumnKind = {
  /** Number of the physical type. */
  physical: number;
  /** Number of the converted type, null where the physical one says it. */
  converted: number | null;
  logical: ((thrift: ThriftWriter) => void) | null;
  /** Of many values. */
  encoding: number;
  put: (value: unknown, into: Gathered) => void;
  /** Writes what was put. */
  write: (gathered: Gathered, out: ByteWriter) => void;
  /** Writes the one value that all rows have, as the plain encoding has it; null where none is ever written once for all. */
  writeOne: ((value: unknown, out: ByteWriter) => void) | null;
};

const empty = () => undefined;
const bytesAlone = ({ bytes }: Gathered, out: ByteWriter): void => out.raw(bytes.written());

const plain = (physical: number, one: (value: unknown, out: ByteWriter) => void): ColumnKind => ({
  physical,
  converted: null,
  logical: null,
  encoding: encodings.plain,
  put: (value, { bytes }) => one(value, bytes),
  write: bytesAlone,
  writeOne: one,
});

function writeText(text: unknown, out: ByteWriter): void {
  out.int32(Buffer.byteLength(text as string));
  out.text(text as string);
}

function microsOf(text: string): number {
  const us = microsOfText(text);
  if (us === null) throw new Error(`the time of a row cannot be read: ${text}`);
  return us;
}

const dayUs = 86_400_000_000;

export const columnKinds: Readonly<Record<'STRING' | 'INT64' | 'FLOAT64' | 'BOOL' | 'DATE' | 'TIMESTAMP', ColumnKind>> =
  {
    STRING: {
      ...plain(6, writeText),
      converted: 0,
      logical: thrift => thrift.struct(1, empty),
      encoding: encodings.deltaLengths,
      put: (text, { bytes, numbers }) => numbers.push(bytes.text(text as string)),
      write: ({ bytes, numbers }, out) => {
        writeDeltas(numbers, out);
        out.raw(bytes.written());
      },
    },
    INT64: plain(2, (value, out) => out.int64(value as number)),
    FLOAT64: plain(5, (value, out) => out.double(value as number)),
    BOOL: {
      ...plain(0, empty),
      put: (value, { numbers }) => numbers.push(value ? 1 : 0),
      write: ({ numbers }, out) => writeBits(numbers, out),
      writeOne: null,
    },
    DATE: {
      ...plain(1, (day, out) => out.int32(Math.floor(microsOf(day as string) / dayUs))),
      converted: 6,
      logical: thrift => thrift.struct(6, empty),
    },
    TIMESTAMP: {
      ...plain(2, (time, out) => out.int64(microsOf(time as string))),
      converted: 10,
      logical: thrift =>
        thrift.struct(8, () => {
          thrift.flag(1, true);
          thrift.struct(2, () => thrift.struct(2, empty));
        }),
    },
  };
