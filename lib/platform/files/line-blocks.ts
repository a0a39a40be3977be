/** Bytes of a text of lines, cut into blocks at line ends without looking at the lines themselves. */

export type LineBlock = {
  /** Whole lines with their ends; of a line that is too long its start. */
  bytes: Buffer;
  /** Bytes of the text that the block stands for. */
  size: number;
  isTooLong: boolean;
  /** Whether the text ended within the line: it may go on one day. */
  isOpen: boolean;
};

export type BlockSizes = {
  /** Bytes from which on a block is handed out. */
  blockBytes: number;
  /** Bytes that a line may have without its end; of a longer one only the start is kept. */
  lineBytes: number;
};

const lineFeed = 10;
/** Bytes kept of a line that is too long. */
const keptBytes = 16_384;

/** Gathers lines in one piece of memory; what is handed out is in the order of the text. */
class Cutter {
  readonly #sizes: BlockSizes;
  #memory: Buffer;
  /** Bytes of whole lines, at the start of the memory. */
  #whole = 0;
  /** Bytes in use: whole lines, then the start of the next. */
  #length = 0;
  /** Bytes of that next line, kept or not. */
  #lineBytes = 0;

  constructor(sizes: BlockSizes) {
    this.#sizes = sizes;
    this.#memory = Buffer.allocUnsafeSlow(sizes.blockBytes);
  }

  #append(piece: Buffer): void {
    const needed = this.#length + piece.length;
    if (needed > this.#memory.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(needed, 2 * this.#memory.length));
      this.#memory.copy(larger, 0, 0, this.#length);
      this.#memory = larger;
    }
    piece.copy(this.#memory, this.#length);
    this.#length = needed;
  }

  /** Adds to the open line; of one that is too long only the start stays. */
  #extend(piece: Buffer): void {
    this.#lineBytes += piece.length;
    const isLong = this.#lineBytes > this.#sizes.lineBytes;
    this.#append(isLong ? piece.subarray(0, keptBytes) : piece);
    if (isLong) this.#length = Math.min(this.#length, this.#whole + keptBytes);
  }

  /** Hands out what lies before `end`, and moves the rest to the front afterwards. */
  *#take(end: number, block: Omit<LineBlock, 'bytes'>): Generator<LineBlock> {
    if (end === 0) return;
    yield { bytes: this.#memory.subarray(0, end), ...block };
    this.#memory.copyWithin(0, end, this.#length);
    this.#length -= end;
    this.#whole = 0;
  }

  #takeWhole = (): Generator<LineBlock> =>
    this.#take(this.#whole, { size: this.#whole, isTooLong: false, isOpen: false });

  /** Ends the open line with `end`. */
  *#close(end: Buffer, isOpen: boolean): Generator<LineBlock> {
    this.#extend(end);
    const size = this.#lineBytes;
    const isTooLong = size - (isOpen ? 0 : 1) > this.#sizes.lineBytes;
    this.#lineBytes = 0;
    if (isTooLong || isOpen) {
      yield* this.#takeWhole();
      yield* this.#take(this.#length, { size, isTooLong, isOpen });
    } else this.#whole = this.#length;
  }

  *add(piece: Buffer): Generator<LineBlock> {
    const first = piece.indexOf(lineFeed);
    if (first === -1) return this.#extend(piece);
    yield* this.#close(piece.subarray(0, first + 1), false);
    const last = piece.lastIndexOf(lineFeed) + 1;
    this.#append(piece.subarray(first + 1, last));
    this.#whole = this.#length;
    this.#extend(piece.subarray(last));
    if (this.#whole >= this.#sizes.blockBytes) yield* this.#takeWhole();
  }

  *end(): Generator<LineBlock> {
    if (this.#lineBytes > 0) yield* this.#close(Buffer.alloc(0), true);
    else yield* this.#takeWhole();
  }
}

/**
 * The blocks of a text, in order; pieces are smaller than a line may be, and may use one memory again and again. So may blocks:
 * their bytes are valid until the next is asked for. Throws what reading throws.
 */
export async function* lineBlocks(pieces: AsyncIterable<Uint8Array>, sizes: BlockSizes): AsyncGenerator<LineBlock> {
  const cutter = new Cutter(sizes);
  for await (const piece of pieces) yield* cutter.add(Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength));
  yield* cutter.end();
}
