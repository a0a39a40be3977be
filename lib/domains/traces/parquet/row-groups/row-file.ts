/** The file that a stretch's rows gather in: a Parquet file of one group of rows after another, each as it came from its worker. */
import { appendFile } from 'node:fs/promises';
import { fileColumns } from '@/lib/domains/traces/parquet/columns';
import { ByteWriter, newMemory } from '@/lib/domains/traces/parquet/row-groups/byte-writer';
import { columnKinds } from '@/lib/domains/traces/parquet/row-groups/column-kinds';
import { writeFooter } from '@/lib/domains/traces/parquet/row-groups/footer';
import type { GroupFacts, WrittenGroup } from '@/lib/domains/traces/parquet/row-groups/row-group';

/** Bytes that wait in memory until they are appended. */
const waitingBytes = 4 * 1_048_576;
const mark = Buffer.from('PAR1');
const columns = fileColumns.map(({ name, type }) => ({ name, kind: columnKinds[type] }));

export class RowFile {
  readonly #path: string;
  /** One piece of memory for all: pieces of it for each block would wake the collector again and again. */
  readonly #waiting = Buffer.allocUnsafeSlow(waitingBytes);
  #length = 0;
  readonly #groups: GroupFacts[] = [];

  /** `path` does not exist; its folder does, and is the caller's to remove. */
  constructor(path: string) {
    this.#path = path;
    this.#waiting.set(mark);
    this.#length = mark.length;
  }

  /** Adds a group behind those before it; its memory is the caller's again afterwards. */
  async add({ bytes, rows, chunks }: WrittenGroup): Promise<void> {
    if (rows === 0) return;
    this.#groups.push({ rows, chunks });
    await this.#append(bytes);
  }

  async #append(bytes: Uint8Array): Promise<void> {
    if (this.#length + bytes.byteLength > waitingBytes) await this.#write();
    if (bytes.byteLength > waitingBytes) {
      await appendFile(this.#path, bytes);
      return;
    }
    this.#waiting.set(bytes, this.#length);
    this.#length += bytes.byteLength;
  }

  async #write(): Promise<void> {
    await appendFile(this.#path, this.#waiting.subarray(0, this.#length));
    this.#length = 0;
  }

  /** Writes what waits and the file's end; answers the file's path. */
  async finish(): Promise<string> {
    const out = new ByteWriter(newMemory(65_536));
    writeFooter(out, columns, this.#groups, mark.length);
    out.int32(out.length);
    out.raw(mark);
    await this.#append(out.written());
    await this.#write();
    return this.#path;
  }
}
