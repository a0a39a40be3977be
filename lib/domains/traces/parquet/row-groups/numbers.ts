/** Small whole numbers, and the two ways in which Parquet packs them. By Encodings.md of the Parquet format. */
import type { ByteWriter } from '@/lib/domains/traces/parquet/row-groups/byte-writer';

/** A list that keeps its memory when it is cleared. */
export class Numbers {
  #all = new Int32Array(1_024);
  length = 0;

  push(number: number): void {
    if (this.length === this.#all.length) {
      const before = this.#all;
      this.#all = new Int32Array(2 * before.length);
      this.#all.set(before);
    }
    this.#all[this.length++] = number;
  }

  at = (index: number): number => this.#all[index]!;

  clear(): void {
    this.length = 0;
  }
}

/** Eight a byte, the first in its lowest bit: set where the number is 1. */
export function writeBits(numbers: Numbers, out: ByteWriter): void {
  for (let at = 0; at < numbers.length; at += 8) {
    let bits = 0;
    for (let bit = 0; bit < 8 && at + bit < numbers.length; bit++) bits |= numbers.at(at + bit) << bit;
    out.byte(bits);
  }
}

const blockValues = 128;

const zigzag = (value: number): number => (value < 0 ? -2 * value - 1 : 2 * value);

/** The least and the most by which a number differs from the one before. */
function rangeOf(numbers: Numbers): { least: number; most: number } {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let index = 1; index < numbers.length; index++) {
    const delta = numbers.at(index) - numbers.at(index - 1);
    least = Math.min(least, delta);
    most = Math.max(most, delta);
  }
  return { least, most };
}

/** At least one number, by how each differs from the one before, in whole bytes: DELTA_BINARY_PACKED with one miniblock in the one block. */
export function writeDeltas(numbers: Numbers, out: ByteWriter): void {
  const size = Math.max(1, Math.ceil((numbers.length - 1) / blockValues)) * blockValues;
  out.varint(size);
  out.varint(1);
  out.varint(numbers.length);
  out.varint(zigzag(numbers.at(0)));
  if (numbers.length === 1) return;
  const { least, most } = rangeOf(numbers);
  const range = most - least;
  const width = range === 0 ? 0 : range < 256 ? 1 : 4;
  out.varint(zigzag(least));
  out.byte(8 * width);
  if (width === 0) return;
  for (let index = 1; index <= size; index++) {
    const over = index < numbers.length ? numbers.at(index) - numbers.at(index - 1) - least : 0;
    if (width === 1) out.byte(over);
    else out.int32(over);
  }
}
