/** A column of a group of rows: a page of its values, after a page of the one value that all have where they have one. By parquet.thrift of the Parquet format. */
import { ByteWriter, newMemory } from '@/lib/domains/traces/parquet/row-groups/byte-writer';
import { type ColumnKind, encodings, type Gathered } from '@/lib/domains/traces/parquet/row-groups/column-kinds';
import { Numbers, writeBits } from '@/lib/domains/traces/parquet/row-groups/numbers';
import { ThriftWriter } from '@/lib/domains/traces/parquet/row-groups/thrift';

/** Bytes of the page of the one value, 0 where there is none, and of all pages. */
export type ChunkSizes = { dictionary: number; all: number };

const pageTypes = { data: 0, dictionary: 2 } as const;
const usualBytes = 32_768;
const [body, bits] = [new ByteWriter(newMemory(usualBytes)), new ByteWriter(newMemory(usualBytes))];

/** Writes the page's header and what `body` holds. */
function writePage(out: ByteWriter, type: keyof typeof pageTypes, values: number, encoding: number): void {
  const thrift = new ThriftWriter(out);
  thrift.structItem(() => {
    thrift.i32(1, pageTypes[type]);
    thrift.i32(2, body.length);
    thrift.i32(3, body.length);
    thrift.struct(type === 'data' ? 5 : 7, () => {
      thrift.i32(1, values);
      thrift.i32(2, encoding);
      if (type === 'dictionary') return;
      thrift.i32(3, encodings.rle);
      thrift.i32(4, encodings.rle);
    });
  });
  out.raw(body.written());
}

export class Column {
  readonly #kind: ColumnKind;
  readonly #gathered: Gathered = { bytes: new ByteWriter(newMemory(usualBytes)), numbers: new Numbers() };
  /** Of each row 1 where it has a value, else 0. */
  readonly #levels = new Numbers();
  #known = 0;
  /** What all values so far are; they are put once there is another. */
  #one: unknown = null;
  #isOne = true;

  constructor(kind: ColumnKind) {
    this.#kind = kind;
  }

  /** Adds a row's value, null where it has none. */
  add(value: unknown): void {
    if (value === null) {
      this.#levels.push(0);
      return;
    }
    this.#levels.push(1);
    if (this.#isOne) {
      if (this.#known === 0) this.#one = value;
      else if (value !== this.#one) this.#differ();
    }
    this.#known++;
    if (!this.#isOne) this.#kind.put(value, this.#gathered);
  }

  #differ(): void {
    this.#isOne = false;
    for (let index = 0; index < this.#known; index++) this.#kind.put(this.#one, this.#gathered);
  }

  /** Which rows have a value: all, none, or as the bits say. */
  #writeLevels(): void {
    const rows = this.#levels.length;
    bits.clear();
    if (this.#known === 0 || this.#known === rows) {
      bits.varint(2 * rows);
      bits.byte(this.#known === 0 ? 0 : 1);
    } else {
      bits.varint(2 * Math.ceil(rows / 8) + 1);
      writeBits(this.#levels, bits);
    }
    body.int32(bits.length);
    body.raw(bits.written());
  }

  #writeOne(writeOne: NonNullable<ColumnKind['writeOne']>, out: ByteWriter): number {
    const began = out.length;
    body.clear();
    writeOne(this.#one, body);
    writePage(out, 'dictionary', 1, encodings.plain);
    const dictionary = out.length - began;
    body.clear();
    this.#writeLevels();
    // Indexes of one bit, all of them 0, as one run.
    body.byte(1);
    body.varint(2 * this.#known);
    body.byte(0);
    writePage(out, 'data', this.#levels.length, encodings.dictionary);
    return dictionary;
  }

  #writeAll(out: ByteWriter): void {
    if (this.#isOne) this.#differ();
    body.clear();
    this.#writeLevels();
    if (this.#known > 0) this.#kind.write(this.#gathered, body);
    writePage(out, 'data', this.#levels.length, this.#known > 0 ? this.#kind.encoding : encodings.plain);
  }

  /** Writes the values and forgets them. */
  write(out: ByteWriter): ChunkSizes {
    const began = out.length;
    const { writeOne } = this.#kind;
    let dictionary = 0;
    if (writeOne && this.#isOne && this.#known > 0) dictionary = this.#writeOne(writeOne, out);
    else this.#writeAll(out);
    this.#clear();
    return { dictionary, all: out.length - began };
  }

  #clear(): void {
    this.#gathered.bytes.clear();
    this.#gathered.numbers.clear();
    this.#levels.clear();
    this.#known = 0;
    this.#one = null;
    this.#isOne = true;
  }
}
