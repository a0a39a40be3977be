/** A gigabyte of lines of AI traces into deduplicated Parquet, beside DuckDB's own read of it, the origin's way and dlt. */
import { spawn } from 'node:child_process';
import { createReadStream, existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createCustomers } from '@/dev/bench/fixtures';
import type { Line } from '@/dev/bench/report';
import { writeTraceLines } from '@/dev/bench/traces/lines';
import { checkoutDir, nodeBinary, tsxArguments } from '@/dev/stack/paths';
import { clientVenv } from '@/dev/stack/services/python-venv';
import { datasetFolder } from '@/lib/domains/traces/parquet/partition';
import { bigquery } from '@/lib/platform/bigquery/bigquery';
import { literal, withDuckDb } from '@/lib/platform/duckdb';
import { applySchemas } from '@/lib/warehouse/schemas/apply';

const folder = join(checkoutDir, '.local/bench-traces');
const largeLines = 1_900_000;
const smallLines = 100_000;
const fromMs = Date.UTC(2026, 6, 1);
const say = (line: string) => console.log(`  ${line}`);

/** Written once; the same lines each time. */
function fileOf(lines: number): string {
  const path = join(folder, `${lines}.jsonl`);
  if (!existsSync(path)) writeTraceLines(path, { lines, fromMs, days: Math.max(1, Math.round(lines / 65_000)) });
  return path;
}

type Measured = { rowsPerSecond: number; peakMb: number };

const peakMbOf = (pid: number): number =>
  Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;

/** Runs a process to its end; answers what it printed and the most memory it had. */
async function run(program: string, line: readonly string[]): Promise<{ output: string; peakMb: number }> {
  const child = spawn(program, line, { cwd: checkoutDir, stdio: ['ignore', 'pipe', 'inherit'], env: process.env });
  let [output, peakMb] = ['', 0];
  child.stdout.on('data', part => {
    output += String(part);
  });
  const look = setInterval(() => {
    try {
      if (child.pid) peakMb = Math.max(peakMb, peakMbOf(child.pid));
    } catch {
      // It ended since.
    }
  }, 100);
  const code = await new Promise(resolve => child.once('close', resolve));
  clearInterval(look);
  if (code !== 0) throw new Error(`${program} ended with ${code}: ${output}`);
  return { output, peakMb };
}

/** What `npm run cli` gives Node, without files of settings: this process has its own. */
function cliArguments(): string[] {
  const { scripts } = JSON.parse(readFileSync(join(checkoutDir, 'package.json'), 'utf8')) as {
    scripts: { cli: string };
  };
  const flags = scripts.cli.split(' ').filter(word => word.startsWith('--') && !word.startsWith('--env-file'));
  return [...flags, ...tsxArguments('lib/cli/main.ts')];
}

/** The operator's own command, as an operator runs it. */
async function ours(path: string, ...options: string[]): Promise<Measured> {
  const [customer] = await createCustomers(1);
  if (!customer) throw new Error('there is no customer to import for');
  const line = ['traces', 'ingest', path, '--customer', customer.customerId, ...options];
  const { output, peakMb } = await run(nodeBinary(), [...cliArguments(), ...line]);
  say(output.trim().split('\n').at(-1) ?? '');
  await rm(datasetFolder(customer.tenantDatasetId), { recursive: true, force: true });
  return { rowsPerSecond: Number(/([\d,]+) rows\/s/.exec(output)?.[1]?.replaceAll(',', '')), peakMb };
}

/**
 * DuckDB's read of the same lines into one Parquet file, without a look at them. The budget was set beside two threads; in the little
 * memory that we give it one thread alone is quicker, so both are told.
 */
async function bareDuckDb(path: string, lines: number, threads: number): Promise<number> {
  const to = join(folder, 'bare.parquet');
  return withDuckDb({ folder, threads }, async database => {
    const beganMs = performance.now();
    await database.run(
      `COPY (SELECT * FROM read_json(${literal(path)}, format = 'newline_delimited')) TO ${literal(to)} (FORMAT parquet, COMPRESSION zstd)`,
    );
    return lines / ((performance.now() - beganMs) / 1000);
  });
}

/** A script of ours in Python that prints its rows a second. */
const python = async (program: string, script: string, path: string): Promise<number> =>
  Number((await run(program, [join(checkoutDir, 'dev/bench/traces', script), path])).output.trim().split('\n').at(-1));

/** The budget was set where DuckDB alone wrote 245,000 rows/s; machines differ, and one differs by the hour. */
const budgetShare = 0.49;

/** Lines into Parquet and BigQuery. */
export async function traceFileLines(): Promise<Line[]> {
  mkdirSync(folder, { recursive: true });
  const [large, small] = [fileOf(largeLines), fileOf(smallLines)];
  say(`${largeLines.toLocaleString('en')} lines, ${(statSync(large).size / 1e6).toFixed(0)} MB`);
  // Once before anything is measured: whoever came first would read from the disk, and all others from memory.
  for await (const _piece of createReadStream(large, { highWaterMark: 1_048_576 }));
  const bare = await bareDuckDb(large, largeLines, 2);
  const bareAlone = await bareDuckDb(large, largeLines, 1);
  const imported = await ours(large, '--parquet-only');
  await applySchemas(bigquery(), { dataset: 'customers', folder: 'customers', location: 'US' });
  const loaded = await ours(small);
  const origin = await python('python3', 'origin.py', small);
  const dlt = await python(await clientVenv('dlt', 'dev/bench/traces/requirements.txt'), 'dlt-pipeline.py', small);
  const beside = (name: string, floor: number) => `${(imported.rowsPerSecond / floor).toFixed(2)} of ${name}`;
  return [
    { what: 'DuckDB’s own read of lines to Parquet, two threads', value: bare, unit: 'rows/s' },
    { what: 'DuckDB’s own read of lines to Parquet, one thread', value: bareAlone, unit: 'rows/s' },
    { what: 'origin’s way: json, SHA-1, SQLite upsert in Python', value: origin, unit: 'rows/s' },
    { what: 'dlt: lines to Parquet', value: dlt, unit: 'rows/s' },
    {
      what: 'lines to deduplicated Parquet',
      value: imported.rowsPerSecond,
      unit: 'rows/s',
      budget: { atLeast: 120_000, ofBare: { share: budgetShare, figure: bare } },
      ratio: [
        beside('DuckDB', bare),
        beside('its one thread', bareAlone),
        beside('origin', origin),
        beside('dlt', dlt),
      ].join(', '),
    },
    { what: 'lines to Parquet, most memory', value: imported.peakMb, unit: 'MB', budget: { atMost: 512 } },
    { what: 'lines to Parquet and BigQuery', value: loaded.rowsPerSecond, unit: 'rows/s' },
  ];
}
