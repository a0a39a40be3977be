/** Rows on their way to Parquet: one CSV file a partition, appended to in the order of the rows. */
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PricedRow } from '@/lib/domains/traces/normalize/trace-row';
import { csvLine } from '@/lib/domains/traces/parquet/columns';
import { type Partition, partitionFolder } from '@/lib/domains/traces/parquet/partition';

/** Bytes kept in memory until they are appended to their files. */
const keptBytes = 16 * 1_048_576;

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

type Group = Partition & { text: string };

/** Sorts rows into their partitions, in order. */
export function groupRows(rows: Iterable<PricedRow>): PartitionRows[] {
  const groups: Group[] = [];
  const byRepo = new Map<string | null, Map<string, Group>>();
  for (const row of rows) {
    const { repo_slug: repoSlug, event_date: eventDate } = row;
    const byDay = byRepo.get(repoSlug) ?? new Map<string, Group>();
    if (byDay.size === 0) byRepo.set(repoSlug, byDay);
    let group = byDay.get(eventDate);
    if (!group) {
      group = { repoSlug, eventDate, text: '' };
      byDay.set(eventDate, group);
      groups.push(group);
    }
    group.text += csvLine(row);
  }
  return groups.map(({ text, ...partition }) => ({ ...partition, lines: Buffer.from(text) }));
}
