/** A stretch of a file: rows gathered until they are worth to be made durable together. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ParsedBlock, Refusal } from '@/lib/domains/traces/files/parse-block';
import { RowFile } from '@/lib/domains/traces/parquet/row-groups/row-file';
import { newWorkFolder } from '@/lib/domains/traces/parquet/work-folder';
import { keptDeadLetters } from '@/lib/domains/traces/rules';

/** What a stretch holds at most. */
export type StretchLimits = { rows: number; seconds: number };

export type Counts = { rows: number; refused: number; assumedTimes: number };
/** How far the text is read: bytes and lines, ended ones only. */
export type Place = { textOffset: number; lines: number };

export class Stretch {
  readonly counts: Counts = { rows: 0, refused: 0, assumedTimes: 0 };
  readonly letters: Refusal[] = [];
  readonly #folder: string;
  readonly #file: RowFile;
  readonly #beganMs = performance.now();

  private constructor(folder: string) {
    this.#folder = folder;
    this.#file = new RowFile(join(folder, 'rows.parquet'));
  }

  static async begin(): Promise<Stretch> {
    return new Stretch(await newWorkFolder());
  }

  /** Adds a block's rows; its refused lines are numbered from the lines before it. */
  async add(parsed: Omit<ParsedBlock, 'lines'>, linesBefore: number): Promise<void> {
    this.counts.rows += parsed.group.rows;
    this.counts.refused += parsed.refused.length;
    this.counts.assumedTimes += parsed.assumedTimes;
    for (const refusal of parsed.refused.slice(0, keptDeadLetters - this.letters.length))
      this.letters.push({ ...refusal, line: linesBefore + refusal.line });
    await this.#file.add(parsed.group);
  }

  isFull({ rows, seconds }: StretchLimits): boolean {
    return this.counts.rows >= rows || performance.now() - this.#beganMs > seconds * 1000;
  }

  /** The file of its rows. */
  rowFile = () => this.#file.finish();

  /** Removes what was gathered. */
  async end(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }
}
