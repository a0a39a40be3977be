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

/** Gathers lines; what is handed out is in the order of the text. */
class Cutter {
  readonly #sizes: BlockSizes;
  #whole: Buffer[] = [];
  #wholeBytes = 0;
  #rest: Buffer[] = [];
  #restBytes = 0;

  constructor(sizes: BlockSizes) {
    this.#sizes = sizes;
  }

  #takeWhole(): LineBlock[] {
    if (this.#wholeBytes === 0) return [];
    const bytes = this.#whole.length === 1 && this.#whole[0] ? this.#whole[0] : Buffer.concat(this.#whole);
    this.#whole = [];
    this.#wholeBytes = 0;
    return [{ bytes, size: bytes.length, isTooLong: false, isOpen: false }];
  }

  #keepRest(piece: Buffer): void {
    this.#restBytes += piece.length;
    const isTooLong = this.#restBytes > this.#sizes.lineBytes;
    this.#rest.push(piece);
    if (isTooLong && this.#rest.length > 1) this.#rest = [Buffer.concat(this.#rest).subarray(0, keptBytes)];
  }

  /** The line that the kept rest begins and `end` closes. */
  #closeRest(end: Buffer, isOpen: boolean): LineBlock[] {
    const size = this.#restBytes + end.length;
    const isTooLong = size - (isOpen ? 0 : 1) > this.#sizes.lineBytes;
    const bytes = Buffer.concat([...this.#rest, end]);
    this.#rest = [];
    this.#restBytes = 0;
    if (isTooLong) return [...this.#takeWhole(), { bytes: bytes.subarray(0, keptBytes), size, isTooLong, isOpen }];
    if (isOpen) return [...this.#takeWhole(), { bytes, size, isTooLong, isOpen }];
    this.#whole.push(bytes);
    this.#wholeBytes += size;
    return [];
  }

  add(chunk: Buffer): LineBlock[] {
    const first = chunk.indexOf(lineFeed);
    if (first === -1) {
      this.#keepRest(chunk);
      return [];
    }
    const closed = this.#closeRest(chunk.subarray(0, first + 1), false);
    const end = chunk.lastIndexOf(lineFeed) + 1;
    if (end > first + 1) {
      this.#whole.push(chunk.subarray(first + 1, end));
      this.#wholeBytes += end - first - 1;
    }
    if (end < chunk.length) this.#keepRest(chunk.subarray(end));
    return this.#wholeBytes >= this.#sizes.blockBytes ? [...closed, ...this.#takeWhole()] : closed;
  }

  end(): LineBlock[] {
    return this.#restBytes > 0 ? this.#closeRest(Buffer.alloc(0), true) : this.#takeWhole();
  }
}

/** The blocks of a text, in order; chunks are smaller than a line may be. Throws what reading throws. */
export async function* lineBlocks(chunks: AsyncIterable<Uint8Array>, sizes: BlockSizes): AsyncGenerator<LineBlock> {
  const cutter = new Cutter(sizes);
  for await (const chunk of chunks) yield* cutter.add(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
  yield* cutter.end();
}
