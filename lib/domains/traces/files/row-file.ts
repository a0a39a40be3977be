/** The file that a stretch's rows gather in. */
import { appendFile } from 'node:fs/promises';

/** Bytes that wait in memory until they are appended. */
const waitingBytes = 4 * 1_048_576;

export class RowFile {
  readonly #path: string;
  /** One piece of memory for all: pieces of it for each block would wake the collector again and again. */
  readonly #waiting = Buffer.allocUnsafeSlow(waitingBytes);
  #length = 0;

  /** `path` does not exist; its folder does, and is the caller's to remove. */
  constructor(path: string) {
    this.#path = path;
  }

  /** Adds lines behind those before them; their memory is the caller's again afterwards. */
  async add(lines: Uint8Array): Promise<void> {
    if (this.#length + lines.byteLength > waitingBytes) await this.#write();
    if (lines.byteLength > waitingBytes) {
      await appendFile(this.#path, lines);
      return;
    }
    this.#waiting.set(lines, this.#length);
    this.#length += lines.byteLength;
  }

  async #write(): Promise<void> {
    await appendFile(this.#path, this.#waiting.subarray(0, this.#length));
    this.#length = 0;
  }

  /** Writes what waits; answers the file's path. */
  async finish(): Promise<string> {
    await this.#write();
    return this.#path;
  }
}
