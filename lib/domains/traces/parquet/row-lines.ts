/** Rows on their way to Parquet: lines of CSV in the order of the rows, as bytes. */
import type { TraceRow } from '@/lib/domains/traces/normalize/trace-row';
import { csvLine } from '@/lib/domains/traces/parquet/columns';
import type { BookPrice } from '@/lib/domains/traces/prices/priced';

/** Bytes of memory that most blocks of lines need. */
const usualBytes = 524_288;
/** Most bytes of a UTF-16 unit in UTF-8. */
const bytesAUnit = 3;

/** Memory for lines; shared, so that a thread hands it on without a copy. */
export const newLineMemory = (bytes = usualBytes): SharedArrayBuffer => new SharedArrayBuffer(bytes);

/**
 * Lines of rows. Each is written as bytes at once: a row's objects and the pieces of its line are gone before the next, which
 * spares the collector most of its work.
 */
export class RowLines {
  #bytes: Buffer;
  #length = 0;

  /** Writes over what `memory` holds; takes more where it does not do. */
  constructor(memory: SharedArrayBuffer) {
    this.#bytes = Buffer.from(memory);
  }

  #grow(wanted: number): void {
    const larger = Buffer.from(newLineMemory(Math.max(2 * this.#bytes.length, this.#length + wanted)));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }

  /** `price` is the row itself where it has one. */
  add(row: TraceRow, price: BookPrice): void {
    const line = csvLine(row, price);
    const most = bytesAUnit * line.length;
    if (this.#length + most > this.#bytes.length) this.#grow(most);
    this.#length += this.#bytes.write(line, this.#length, 'utf8');
  }

  /** What was written so far, a view of the memory in use. */
  lines = (): Buffer => this.#bytes.subarray(0, this.#length);
}
