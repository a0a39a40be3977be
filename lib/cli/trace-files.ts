/** `cli traces …`: imports files of AI traces, and moves old Parquet files to the archive. */
import { command, WrongUse, wholeNumber } from '@/lib/cli/command';
import { ProgressBar } from '@/lib/cli/progress-bar';
import { stopByHand } from '@/lib/cli/stop-by-hand';
import { findSources } from '@/lib/domains/traces/files/find-sources';
import type { Imported } from '@/lib/domains/traces/files/import-file';
import { importTraces } from '@/lib/domains/traces/files/import-traces';
import type { TextSource } from '@/lib/domains/traces/files/text-source';
import { archiveParquet } from '@/lib/domains/traces/parquet/archive-parquet';
import { archiveAfterDays } from '@/lib/domains/traces/rules';
import { bigquery } from '@/lib/platform/bigquery/bigquery';
import { systemClock } from '@/lib/platform/clock';

const print = (line: string) => process.stdout.write(`${line}\n`);
const number = (value: number) => Math.round(value).toLocaleString('en');

const beginnings: Record<Imported['from'], string> = {
  start: '',
  left: ' (went on where it was left)',
  changed: ' (another content than before: from its start)',
  'nothing new': '',
};

function sourceLine({ location }: TextSource, imported: Imported): string {
  if (imported.from === 'nothing new') return `${location}: nothing new`;
  const { rows, unique, refused } = imported;
  const stopped = imported.isWhole ? '' : ', stopped before its end';
  return `${location}: ${number(rows)} rows, ${number(unique)} unique, ${number(refused)} refused${stopped}${beginnings[imported.from]}`;
}

function sayWait(bar: ProgressBar, until: Date): void {
  bar.clear();
  const end = 'Ctrl-C ends it, a repeat goes on.';
  process.stderr.write(`The day's LOAD_JOBS_PER_DAY are spent; the import goes on at ${until.toISOString()}. ${end}\n`);
}

type Ingest = {
  source: string;
  customer: string;
  repo: string | undefined;
  threads: string | undefined;
  'parquet-only': boolean;
};

async function ingest(values: Ingest): Promise<number> {
  if (values.repo !== undefined && !/^[^/\s]+\/[^/\s]+$/.test(values.repo))
    throw new WrongUse('--repo takes owner/name.');
  const threads = values.threads === undefined ? undefined : wholeNumber('threads', values.threads);
  const sources = await findSources(values.source);
  const { stopping, forget } = stopByHand();
  const bar = new ProgressBar();
  const beganMs = performance.now();
  const sum = { rows: 0, unique: 0, refused: 0, assumedTimes: 0 };
  const imports = importTraces(sources, {
    customerId: values.customer,
    repoSlug: values.repo ?? null,
    bigquery: values['parquet-only'] ? null : bigquery(),
    threads,
    stopping,
    onProgress: ({ location, storedBytes }, done) =>
      bar.show({
        what: location.split('/').at(-1) ?? location,
        bytes: done.storedBytes,
        allBytes: storedBytes,
        rows: done.rows,
      }),
    onWait: until => sayWait(bar, until),
  });
  try {
    for await (const { source, imported } of imports) {
      bar.clear();
      print(sourceLine(source, imported));
      for (const name of ['rows', 'unique', 'refused', 'assumedTimes'] as const) sum[name] += imported[name];
    }
  } finally {
    bar.clear();
    forget();
  }
  const seconds = (performance.now() - beganMs) / 1000;
  print(
    `${number(sum.rows)} rows, ${number(sum.unique)} unique, ${number(sum.refused)} refused, ${number(sum.assumedTimes)} without a time ` +
      `in ${seconds.toFixed(1)} s: ${number(sum.rows / seconds)} rows/s`,
  );
  if (sum.assumedTimes > 0)
    print('Records without a time got the time of the import: imported again they are counted again.');
  return stopping.aborted ? 130 : 0;
}

async function archive(olderThanDays: number, customerId: string | undefined): Promise<number> {
  const { files, bytes, skipped } = await archiveParquet({ clock: systemClock, olderThanDays, customerId });
  print(skipped ?? `${number(files)} files moved, ${(bytes / 1e6).toFixed(1)} MB`);
  return 0;
}

export const traceFileCommands = {
  ingest: command({
    description: "import a customer's AI traces from lines of JSON; a repeat goes on where the one before ended",
    args: {
      source: {
        type: 'positional',
        description:
          'a file (also .gz, .zst), - for the standard input, a folder, gs://bucket/object or gs://bucket/prefix*',
      },
      customer: { type: 'string', description: 'whose they are', valueHint: 'id', required: true },
      repo: { type: 'string', description: 'repository of records that name none', valueHint: 'owner/name' },
      threads: { type: 'string', description: 'worker threads, as many as cores unless given', valueHint: 'n' },
      'parquet-only': { type: 'boolean', description: 'write Parquet files only, not BigQuery' },
    },
    run: ingest,
  }),
  archive: command({
    description: 'move Parquet files of old days to TRACE_ARCHIVE_URL; rows in BigQuery stay',
    args: {
      'older-than': {
        type: 'string',
        description: 'age in days',
        default: String(archiveAfterDays),
        valueHint: 'days',
      },
      customer: { type: 'string', description: 'only the files of this customer', valueHint: 'id' },
    },
    run: values => archive(wholeNumber('older-than', values['older-than']), values.customer),
  }),
};
