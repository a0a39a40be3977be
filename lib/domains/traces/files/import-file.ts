/** Imports one source from where it was left: blocks go to worker threads, rows gather in stretches, stretches become durable. */
import { fileNote, noteFile } from '@/lib/domains/traces/files/file-notes';
import { type FileState, type ImportTarget, makeDurable } from '@/lib/domains/traces/files/make-durable';
import type { ParsePool, PooledBlock } from '@/lib/domains/traces/files/parse-pool';
import { type Counts, type Place, Stretch, type StretchLimits } from '@/lib/domains/traces/files/stretch';
import { continues, type TextSource } from '@/lib/domains/traces/files/text-source';
import { traceSizes } from '@/lib/domains/traces/rules';
import { carryOutRun } from '@/lib/domains/traces/runs/carry-out-run';
import { beginEtlRun } from '@/lib/domains/traces/runs/etl-runs';
import { db } from '@/lib/platform/db';
import { type LineBlock, lineBlocks } from '@/lib/platform/files/line-blocks';

/** A block's rows are one group of a Parquet file: smaller ones are many headers, larger ones much memory. */
const blockBytes = 1_048_576;

export type ImportOptions = {
  target: ImportTarget;
  pool: ParsePool;
  threads: number;
  stretch: StretchLimits;
  /** Once aborted the rest of what was read becomes durable, and the import ends. */
  stopping: AbortSignal;
  /** Told now and then; `storedBytes` of the source, packed as it is. */
  onProgress: (progress: { storedBytes: number; rows: number }) => void;
};

export type Imported = Counts & {
  /** Different rows of each stretch, summed. */
  unique: number;
  /** How the source stood to what was noted of it. */
  from: 'start' | 'left' | 'changed' | 'nothing new';
  /** False where it was stopped before its end. */
  isWhole: boolean;
};

type Begun = { file: FileState; place: Place; from: Imported['from'] };

async function begin({ target }: ImportOptions, source: TextSource): Promise<Begun> {
  const { customerId, clock } = target;
  const { location } = source;
  const isNoted = location !== '-';
  const fingerprint = isNoted ? await source.fingerprint() : null;
  const noted = isNoted ? await fileNote(customerId, location) : null;
  const isSame = noted !== null && (await continues(source, noted.fingerprint));
  const place = isSame ? { textOffset: noted.textOffset, lines: noted.lines } : { textOffset: 0, lines: 0 };
  const from = noted === null ? 'start' : isSame ? 'left' : 'changed';
  if (isSame && noted.isDone && noted.fingerprint === fingerprint)
    return { file: { location, fingerprint, etlRunId: noted.etlRunId }, place, from: 'nothing new' };
  if (isSame && !noted.isDone) return { file: { location, fingerprint, etlRunId: noted.etlRunId }, place, from };
  const details = { source: location.split('/').at(-1) || location, location };
  const at = clock();
  const etlRunId = await db().transaction(async tx => {
    const run = await beginEtlRun(tx, { customerId, job: 'ingest-traces', details, at });
    // Noted before its first row, so that a repeat after a kill goes on with this run.
    if (fingerprint !== null)
      await noteFile(tx, {
        customerId,
        location,
        fingerprint,
        ...place,
        isDone: false,
        etlRunId: run.id,
        updatedAt: at,
      });
    return run.id;
  });
  return { file: { location, fingerprint, etlRunId }, place, from };
}

const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

/** A block's rows; a line that is too long is refused without a look at it. */
async function parsed(pool: ParsePool, block: LineBlock, isFirst: boolean): Promise<PooledBlock> {
  const { bytes, isTooLong } = block;
  if (isTooLong) {
    const refused = [{ line: 1, code: 'line_too_long' as const, field: '', content: bytes.toString() }];
    const group = { bytes: new Uint8Array(), rows: 0, chunks: [] };
    return { group, assumedTimes: 0, lines: 1, refused, release: () => undefined };
  }
  const hasMark = isFirst && bytes.subarray(0, 3).equals(byteOrderMark);
  return pool.parse(hasMark ? bytes.subarray(3) : bytes);
}

class FileImport {
  readonly #options: ImportOptions;
  readonly #begun: Begun;
  readonly #total: Counts & { unique: number } = { rows: 0, refused: 0, assumedTimes: 0, unique: 0 };
  #place: Place;
  /** Rows parsed so far, durable or not. */
  #rows = 0;
  #stretch: Stretch | null = null;
  /** The stretch before, which becomes durable while this one gathers. */
  #durable: Promise<void> = Promise.resolve();

  constructor(options: ImportOptions, begun: Begun) {
    this.#options = options;
    this.#begun = begun;
    this.#place = begun.place;
  }

  async #take(block: LineBlock, result: Promise<PooledBlock>): Promise<void> {
    const { lines, release, ...rest } = await result;
    this.#stretch ??= await Stretch.begin();
    await this.#stretch.add(rest, this.#place.lines);
    release();
    this.#rows += rest.group.rows;
    // A line without an end may go on one day: it counts once it has one.
    if (!block.isOpen)
      this.#place = { textOffset: this.#place.textOffset + block.size, lines: this.#place.lines + lines };
    if (this.#stretch.isFull(this.#options.stretch)) await this.#hand(false);
  }

  /** Hands the stretch over once the one before is durable. */
  async #hand(isDone: boolean): Promise<void> {
    await this.#durable;
    const stretch = this.#stretch ?? (await Stretch.begin());
    this.#stretch = null;
    const { target } = this.#options;
    this.#durable = makeDurable(target, stretch, this.#begun.file, { place: this.#place, isDone }).then(unique => {
      this.#total.unique += unique;
      for (const name of ['rows', 'refused', 'assumedTimes'] as const) this.#total[name] += stretch.counts[name];
    });
    // Whoever awaits it next hears of it; until then it is not unhandled.
    this.#durable.catch(() => undefined);
  }

  /** Reads to the end, or until it is stopped; answers whether it came to the end. */
  async #read(source: TextSource): Promise<boolean> {
    const { pool, threads, stopping, onProgress } = this.#options;
    let storedBytes = 0;
    const onStored = (bytes: number) => {
      storedBytes += bytes;
    };
    const text = await source.read(this.#place.textOffset, onStored);
    const sizes = { blockBytes, lineBytes: traceSizes.lineBytes };
    const ahead: [LineBlock, Promise<PooledBlock>][] = [];
    const takeFirst = async () => {
      const first = ahead.shift();
      if (first) await this.#take(...first);
      onProgress({ storedBytes, rows: this.#rows });
    };
    let isFirst = this.#place.textOffset === 0;
    for await (const block of lineBlocks(text, sizes)) {
      if (stopping.aborted) break;
      const result = parsed(pool, block, isFirst);
      result.catch(() => undefined);
      ahead.push([block, result]);
      isFirst = false;
      if (ahead.length > threads + 1) await takeFirst();
    }
    while (ahead.length > 0) await takeFirst();
    return !stopping.aborted;
  }

  async run(source: TextSource): Promise<Imported> {
    let isWhole = false;
    try {
      isWhole = await this.#read(source);
    } finally {
      // What was read before an error is whole lines, and stays read.
      await this.#hand(isWhole)
        .then(() => this.#durable)
        .finally(() => this.#stretch?.end());
    }
    return { ...this.#total, from: this.#begun.from, isWhole };
  }
}

/**
 * Imports a source; a repeat goes on where its rows are durable, or does nothing where nothing came to it. Throws what reading
 * or writing failed of, with the run noted as FAILED.
 */
export async function importFile(source: TextSource, options: ImportOptions): Promise<Imported> {
  const begun = await begin(options, source);
  if (begun.from === 'nothing new')
    return { rows: 0, refused: 0, assumedTimes: 0, unique: 0, from: begun.from, isWhole: true };
  const whyFailed = ({ isWhole }: Imported) => (isWhole ? null : 'Stopped; a repeat goes on.');
  return carryOutRun(begun.file.etlRunId, { clock: options.target.clock, whyFailed }, () =>
    new FileImport(options, begun).run(source),
  );
}
