/** Thrift's compact protocol, as far as the headers of a Parquet file need it. */
import type { ByteWriter } from '@/lib/domains/traces/parquet/row-groups/byte-writer';

const types = { yes: 1, no: 2, i32: 5, i64: 6, text: 8, list: 9, struct: 12 } as const;
/** Lists of so many items say their length in a number of its own. */
const longList = 15;

/** Writes the fields of a struct by rising ids; numbers are whole and not negative. */
export class ThriftWriter {
  readonly #out: ByteWriter;
  readonly #outer: number[] = [];
  #last = 0;

  constructor(out: ByteWriter) {
    this.#out = out;
  }

  #field(id: number, type: number): void {
    this.#out.byte(((id - this.#last) << 4) | type);
    this.#last = id;
  }

  /** A number's sign stands in its lowest bit. */
  #number = (value: number): void => this.#out.varint(2 * value);

  #begin(): void {
    this.#outer.push(this.#last);
    this.#last = 0;
  }

  i32(id: number, value: number): void {
    this.#field(id, types.i32);
    this.#number(value);
  }

  i64(id: number, value: number): void {
    this.#field(id, types.i64);
    this.#number(value);
  }

  flag(id: number, value: boolean): void {
    this.#field(id, value ? types.yes : types.no);
  }

  /** A text without its field: an item of a list. */
  textItem(text: string): void {
    this.#out.varint(Buffer.byteLength(text));
    this.#out.text(text);
  }

  text(id: number, text: string): void {
    this.#field(id, types.text);
    this.textItem(text);
  }

  /** Its items follow. */
  list(id: number, type: 'i32' | 'text' | 'struct', count: number): void {
    this.#field(id, types.list);
    this.#out.byte((Math.min(count, longList) << 4) | types[type]);
    if (count >= longList) this.#out.varint(count);
  }

  i32Item = this.#number;

  struct(id: number, fields: () => void): void {
    this.#field(id, types.struct);
    this.structItem(fields);
  }

  /** A struct without its field: an item of a list, or all there is. */
  structItem(fields: () => void): void {
    this.#begin();
    fields();
    this.#out.byte(0);
    this.#last = this.#outer.pop() ?? 0;
  }
}
