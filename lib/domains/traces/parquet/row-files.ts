/** Rows on their way to Parquet: one CSV file a partition, appended to in the order of the rows. */
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TraceRow } from '@/lib/domains/traces/normalize/trace-row';
import { csvLine } from '@/lib/domains/traces/parquet/columns';
import { type Partition, partitionFolder } from '@/lib/domains/traces/parquet/partition';
import type { BookPrice } from '@/lib/domains/traces/prices/priced';

/** Bytes kept in memory until they are appended to their files. */
const keptBytes = 8 * 1_048_576;

/** Lines of csvLine that belong to one partition, in order. */
export type PartitionRows = Partition & { lines: Uint8Array };

export type RowFile = Partition & { path: string };

export class RowFiles {
  readonly #folder: string;
  readonly #files = new Map<string, RowFile & { waiting: Uint8Array[] }>();
  #waitingBytes = 0;

  /** `folder` is empty and the caller's to remove. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Adds rows behind those before them; writes when enough wait. */
  async add(groups: readonly PartitionRows[]): Promise<void> {
    for (const { repoSlug, eventDate, lines } of groups) {
      const key = partitionFolder({ repoSlug, eventDate });
      let file = this.#files.get(key);
      if (!file) {
        file = { repoSlug, eventDate, path: join(this.#folder, `${this.#files.size}.csv`), waiting: [] };
        this.#files.set(key, file);
      }
      file.waiting.push(lines);
      this.#waitingBytes += lines.byteLength;
    }
    if (this.#waitingBytes > keptBytes) await this.#write();
  }

  async #write(): Promise<void> {
    for (const file of this.#files.values()) {
      if (file.waiting.length === 0) continue;
      await appendFile(file.path, Buffer.concat(file.waiting.splice(0)));
    }
    this.#waitingBytes = 0;
  }

  /** Writes what waits; answers the files, one a partition. */
  async finish(): Promise<RowFile[]> {
    await this.#write();
    return [...this.#files.values()].map(({ waiting: _written, ...file }) => file);
  }
}

/** Bytes that a partition's lines begin with; doubled as they grow. */
const firstBytes = 4_096;
/** Most bytes of a UTF-16 unit in UTF-8. */
const bytesAUnit = 3;

type Group = Partition & { bytes: Buffer; length: number };

/** Room for more; memory of its own, so that a thread can hand it on. */
function grown(bytes: Buffer, length: number, wanted: number): Buffer {
  const larger = Buffer.allocUnsafeSlow(Math.max(2 * bytes.length, length + wanted));
  bytes.copy(larger, 0, 0, length);
  return larger;
}

/**
 * Sorts rows into their partitions, in order. Each is written as bytes at once: a row's objects and the pieces of its line are
 * gone before the next, which spares the collector most of its work.
 */
export class RowSorter {
  readonly #groups: Group[] = [];
  readonly #byRepo = new Map<string | null, Map<string, Group>>();

  #groupOf({ repo_slug: repoSlug, event_date: eventDate }: TraceRow): Group {
    const byDay = this.#byRepo.get(repoSlug) ?? new Map<string, Group>();
    if (byDay.size === 0) this.#byRepo.set(repoSlug, byDay);
    const known = byDay.get(eventDate);
    if (known) return known;
    const group = { repoSlug, eventDate, bytes: Buffer.allocUnsafeSlow(firstBytes), length: 0 };
    byDay.set(eventDate, group);
    this.#groups.push(group);
    return group;
  }

  /** `price` is the row itself where it has one. */
  add(row: TraceRow, price: BookPrice): void {
    const group = this.#groupOf(row);
    const line = csvLine(row, price);
    const most = bytesAUnit * line.length;
    if (group.length + most > group.bytes.length) group.bytes = grown(group.bytes, group.length, most);
    group.length += group.bytes.write(line, group.length, 'utf8');
  }

  /** The lines by partition. */
  groups = (): PartitionRows[] =>
    this.#groups.map(({ bytes, length, ...partition }) => ({ ...partition, lines: bytes.subarray(0, length) }));
}
