/** Imports of traces under kill -9: what three processes read of overlapping files is there once, in Parquet and in BigQuery. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { eq } from 'drizzle-orm';
import { runningServices } from '@/dev/bench/database';
import { createCustomers } from '@/dev/bench/fixtures';
import { traceLines } from '@/dev/bench/traces/lines';
import { allHeld, check, say } from '@/dev/prove/report';
import { checkoutDir, nodeBinary, tsxArguments } from '@/dev/stack/paths';
import { findSources } from '@/lib/domains/traces/files/find-sources';
import { importTraces } from '@/lib/domains/traces/files/import-traces';
import { normalizeRecord } from '@/lib/domains/traces/normalize/normalize-record';
import { datasetFolder } from '@/lib/domains/traces/parquet/partition';
import { etlRuns, traceDeadLetters } from '@/lib/domains/traces/tables';
import { bigquery, runStatement } from '@/lib/platform/bigquery/bigquery';
import { closeDb, db } from '@/lib/platform/db';
import { literal, withDuckDb } from '@/lib/platform/duckdb';

const { values } = parseArgs({
  args: process.argv.slice(3),
  options: { lines: { type: 'string', default: '200000' }, kills: { type: 'string', default: '20' } },
});
const linesAFile = Number(values.lines);
const kills = Number(values.kills);
const processes = 3;
/** Small, so that kills find every step of it. */
const stretchRows = Math.max(500, linesAFile / 20);
/** Ends for another reason than a kill, as of a local BigQuery that does not answer in time; a repeat goes on after those too. */
const mostFailures = 10;
const lineOfBad = 654_321;

const folder = join(checkoutDir, '.local/prove-traces');
const facts = { receivedAt: new Date(), repoSlug: null };

/** Each file has half of the lines of the one before and as many of its own. */
async function writeFiles(): Promise<string[]> {
  const paths = Array.from({ length: processes }, (_, index) => join(folder, `part-${index}.jsonl`));
  const files = paths.map(path => createWriteStream(path));
  const half = linesAFile / 2;
  let number = 0;
  const all = traceLines({ lines: half * (processes + 1), fromMs: Date.UTC(2026, 5, 1), days: 6 });
  for (const line of all) {
    const slice = Math.floor(number++ / half);
    for (const index of [slice - 1, slice])
      if (files[index] && !files[index].write(line)) await once(files[index], 'drain');
  }
  await Promise.all(files.map(file => new Promise(resolve => file.end(resolve))));
  return paths;
}

/** The different hashes of all files, counted without anything of the import. */
async function uniqueHashes(paths: readonly string[]): Promise<number> {
  const hashes = new Set<string>();
  for (const path of paths)
    for await (const line of createInterface({ input: createReadStream(path) })) {
      const normalized = normalizeRecord(JSON.parse(line), facts);
      if ('row' in normalized) hashes.add(normalized.row.trace_hash);
    }
  return hashes.size;
}

/** A process that imports one file, begun anew after each kill until it ends by itself. */
class Importer {
  isDone = false;
  failures = 0;
  #child: ChildProcess | null = null;
  readonly #line: string[];

  constructor(customerId: string, path: string) {
    this.#line = [...tsxArguments('dev/prove/traces/importer.ts'), customerId, String(stretchRows), path];
  }

  async run(): Promise<void> {
    while (!this.isDone) {
      this.#child = spawn(nodeBinary(), this.#line, { cwd: checkoutDir, stdio: ['ignore', 'ignore', 'inherit'] });
      const [code, signal] = await once(this.#child, 'exit');
      this.isDone = code === 0;
      if (this.isDone || signal === 'SIGKILL') continue;
      if (++this.failures > mostFailures) throw new Error(`an importer ended with ${code ?? signal}`);
    }
  }

  kill(): boolean {
    return !this.isDone && this.#child?.kill('SIGKILL') === true;
  }
}

async function killAtRandom(importers: readonly Importer[]): Promise<number> {
  let killed = 0;
  while (killed < kills && importers.some(({ isDone }) => !isDone)) {
    await sleep(2_000 + Math.random() * 6_000);
    const left = importers.filter(({ isDone }) => !isDone);
    if (left[Math.floor(Math.random() * left.length)]?.kill()) killed++;
  }
  return killed;
}

const parquetRows = (dataset: string) =>
  withDuckDb({ folder }, async database => {
    const files = literal(join(datasetFolder(dataset), '*/*/*.parquet'));
    const sql = `SELECT count(*) AS rows, count(DISTINCT trace_hash) AS hashes FROM read_parquet(${files})`;
    const [counted] = await database.rows<{ rows: bigint; hashes: bigint }>(sql);
    return { rows: Number(counted?.rows), hashes: Number(counted?.hashes) };
  });

async function bigqueryRows(dataset: string, table: string) {
  const sql = `SELECT COUNT(*) AS row_count, COUNT(DISTINCT trace_hash) AS hashes FROM \`${dataset}.${table}\``;
  const { rows } = await runStatement({ name: 'prove/count-traces', sql }, bigquery());
  return { rows: Number(rows[0]?.row_count), hashes: Number(rows[0]?.hashes) };
}

async function newCustomer(): Promise<{ customerId: string; dataset: string }> {
  const [made] = await createCustomers(1);
  if (!made) throw new Error('there is no customer to import for');
  return { customerId: made.customerId, dataset: made.tenantDatasetId };
}

async function underKills(): Promise<void> {
  const paths = await writeFiles();
  const { customerId, dataset } = await newCustomer();
  say(`${processes} files of ${linesAFile.toLocaleString('en')} lines, each half of the one before`);
  const importers = paths.map(path => new Importer(customerId, path));
  const running = Promise.all(importers.map(importer => importer.run()));
  const killed = await killAtRandom(importers);
  await running;
  const failures = importers.reduce((sum, importer) => sum + importer.failures, 0);
  say(`killed with -9: ${killed} times; ended with an error of their own: ${failures} times`);
  check(killed === kills, `all ${kills} kills hit an import under way`);
  const unique = await uniqueHashes(paths);
  const parquet = await parquetRows(dataset);
  const [sessions, details] = [await bigqueryRows(dataset, 'sessions'), await bigqueryRows(dataset, 'session_details')];
  say(
    `${unique} unique hashes; Parquet ${parquet.rows}, sessions ${sessions.rows}, session_details ${details.rows} rows`,
  );
  for (const [name, { rows, hashes }] of Object.entries({ Parquet: parquet, sessions, session_details: details }))
    check(rows === unique && hashes === unique, `${name} has each request once`);
  const runs = await db().select().from(etlRuns).where(eq(etlRuns.customerId, customerId));
  check(
    runs.length === processes && runs.every(({ state }) => state === 'COMPLETED'),
    `${runs.length} runs on record, all completed`,
  );
  await rm(datasetFolder(dataset), { recursive: true, force: true });
}

/** One bad line among a million. */
async function oneBadLine(): Promise<void> {
  const path = join(folder, 'million.jsonl');
  const file = createWriteStream(path);
  let number = 0;
  for (const line of traceLines({ lines: 1_000_000, fromMs: Date.UTC(2026, 6, 1), days: 20 }))
    if (!file.write(++number === lineOfBad ? `${line.slice(0, 100)}\n` : line)) await once(file, 'drain');
  await new Promise(resolve => file.end(resolve));
  const { customerId, dataset } = await newCustomer();
  say(`1,000,000 lines, ${((await stat(path)).size / 1e6).toFixed(0)} MB, line ${lineOfBad} cut off`);
  for await (const { imported } of importTraces(await findSources(path), {
    customerId,
    repoSlug: null,
    bigquery: null,
  }))
    check(
      imported.rows === 999_999 && imported.refused === 1,
      `${imported.rows} rows taken, ${imported.refused} refused`,
    );
  const letters = await db().select().from(traceDeadLetters).where(eq(traceDeadLetters.customerId, customerId));
  check(letters.length === 1 && letters[0]?.line === lineOfBad, `the dead letter names line ${letters[0]?.line}`);
  await rm(datasetFolder(dataset), { recursive: true, force: true });
}

const services = await runningServices();
Object.assign(process.env, services.env, { LOG_LEVEL: 'error' });
await rm(folder, { recursive: true, force: true });
await mkdir(folder, { recursive: true });
await underKills();
await oneBadLine();
await rm(folder, { recursive: true, force: true });
await closeDb();
if (!allHeld()) process.exitCode = 1;
