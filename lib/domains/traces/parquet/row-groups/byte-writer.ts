/** Bytes written one after another into memory that grows as it must. */

/** Memory that a thread hands to another without a copy. */
export const newMemory = (bytes: number): SharedArrayBuffer => new SharedArrayBuffer(bytes);

/** Most bytes of a UTF-16 unit in UTF-8. */
const bytesAUnit = 3;
const varintBytes = 10;
const shortText = 64;

export class ByteWriter {
  #bytes!: Buffer;
  #view!: DataView;
  #length = 0;

  /** Writes over what `memory` holds; takes more where it does not do. */
  constructor(memory: SharedArrayBuffer) {
    this.#use(memory);
  }

  #use(memory: SharedArrayBuffer): void {
    this.#bytes = Buffer.from(memory);
    this.#view = new DataView(memory);
  }

  /** Makes room for so many bytes; answers where they begin. */
  #take(count: number): number {
    const at = this.#length;
    if (at + count > this.#bytes.length) {
      const before = this.written();
      this.#use(newMemory(Math.max(2 * this.#bytes.length, at + count)));
      this.#bytes.set(before);
    }
    this.#length = at + count;
    return at;
  }

  get length(): number {
    return this.#length;
  }

  /** Begins again at the start of the memory. */
  clear(): void {
    this.#length = 0;
  }

  /** What was written so far, a view of the memory in use. */
  written = (): Buffer => this.#bytes.subarray(0, this.#length);

  byte(value: number): void {
    const at = this.#take(1);
    this.#bytes[at] = value;
  }

  raw(piece: Uint8Array): void {
    const at = this.#take(piece.byteLength);
    this.#bytes.set(piece, at);
  }

  /** Seven bits a byte, the lowest first; of whole numbers from 0 to 2^53. */
  varint(value: number): void {
    const at = this.#take(varintBytes);
    let end = at;
    let rest = value;
    while (rest >= 128) {
      this.#bytes[end++] = (rest % 128) + 128;
      rest = Math.floor(rest / 128);
    }
    this.#bytes[end++] = rest;
    this.#length = end;
  }

  /** As UTF-8; answers its bytes. */
  text(text: string): number {
    const at = this.#take(bytesAUnit * text.length);
    const count = this.#ascii(text, at) ?? this.#bytes.write(text, at, 'utf8');
    this.#length = at + count;
    return count;
  }

  /** A short text of ASCII, which is quicker by hand than by a call; null of any other. */
  #ascii(text: string, at: number): number | null {
    const { length } = text;
    if (length > shortText) return null;
    for (let index = 0; index < length; index++) {
      const code = text.charCodeAt(index);
      if (code > 127) return null;
      this.#bytes[at + index] = code;
    }
    return length;
  }

  int32(value: number): void {
    const at = this.#take(4);
    this.#view.setInt32(at, value, true);
  }

  /** A whole number that is exact as a double. */
  int64(value: number): void {
    const at = this.#take(8);
    this.#view.setUint32(at, value, true);
    this.#view.setInt32(at + 4, Math.floor(value / 4_294_967_296), true);
  }

  double(value: number): void {
    const at = this.#take(8);
    this.#view.setFloat64(at, value, true);
  }
}
