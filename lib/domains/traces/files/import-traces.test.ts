import { randomBytes, randomInt } from 'node:crypto';
import { existsSync } from 'node:fs';
import { appendFile, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { Storage } from '@google-cloud/storage';
import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startStorageDouble } from '@/dev/doubles/storage/start-double';
import { createWorld, type World } from '@/dev/testing/world';
import { findSources } from '@/lib/domains/traces/files/find-sources';
import type { Imported } from '@/lib/domains/traces/files/import-file';
import { type ImportRequest, importTraces } from '@/lib/domains/traces/files/import-traces';
import { fileSource, type TextSource } from '@/lib/domains/traces/files/text-source';
import { datasetFolder } from '@/lib/domains/traces/parquet/partition';
import { etlRuns, traceDeadLetters, traceFiles } from '@/lib/domains/traces/tables';
import { bigquery, bigqueryRequest, runStatement } from '@/lib/platform/bigquery/bigquery';
import { nextUtcMidnight } from '@/lib/platform/clock';
import { db } from '@/lib/platform/db';
import { literal, withDuckDb } from '@/lib/platform/duckdb';
import { daySpent } from '@/lib/warehouse/ingest/load/budget';

let folder = '';
const worlds: World[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'imports-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  for (const { tenantDatasetId } of worlds) await rm(datasetFolder(tenantDatasetId), { recursive: true, force: true });
});

async function newWorld(): Promise<World> {
  const world = await createWorld();
  worlds.push(world);
  return world;
}

/** A request of minute `minute` in the document's form. */
const record = (minute: number, more: object = {}) => ({
  timestamp: new Date(Date.UTC(2026, 0, 5) + minute * 60_000).toISOString(),
  model: 'openai/gpt-4o',
  tokens_in: 100 + minute,
  tokens_out: 10,
  metadata: { session_id: `s-${minute}`, developer_id: 'dev@example.com' },
  ...more,
});
const lines = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => `${JSON.stringify(record(from + index))}\n`).join('');

/** Lines of 2 kB that no packing makes small, so that few rows are many blocks. */
const longLines = (to: number) =>
  Array.from({ length: to }, (_, minute) =>
    JSON.stringify(record(minute, { request: randomBytes(1_000).toString('hex') })),
  ).join('\n');

async function importAll(world: World, sources: readonly TextSource[], request: Partial<ImportRequest> = {}) {
  const results: Imported[] = [];
  const whole = { customerId: world.customerId, repoSlug: 'acme/shop', bigquery: null, threads: 1, ...request };
  for await (const { imported } of importTraces(sources, whole)) results.push(imported);
  return results;
}
async function importPath(world: World, path: string, request: Partial<ImportRequest> = {}): Promise<Imported> {
  const [imported] = await importAll(world, [fileSource(path, (await stat(path)).size)], request);
  if (!imported) throw new Error('nothing was imported');
  return imported;
}

type Stored = { tokens_in: bigint; repo_slug: string | null };
const stored = ({ tenantDatasetId }: World): Promise<Stored[]> =>
  withDuckDb({ folder }, database =>
    database.rows<Stored>(
      `SELECT tokens_in, repo_slug FROM read_parquet(${literal(join(datasetFolder(tenantDatasetId), '*/*/*.parquet'))}) ORDER BY tokens_in`,
    ),
  );
const tokens = async (world: World) => (await stored(world)).map(({ tokens_in }) => Number(tokens_in) - 100);
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);

const deadLetters = (world: World) =>
  db()
    .select()
    .from(traceDeadLetters)
    .where(eq(traceDeadLetters.customerId, world.customerId))
    .orderBy(traceDeadLetters.line);
const runs = (world: World) =>
  db().select().from(etlRuns).where(eq(etlRuns.customerId, world.customerId)).orderBy(etlRuns.id);

describe('an import of a file', () => {
  it('refuses bad lines alone, with their number and reason, and takes the rest', async () => {
    const world = await newWorld();
    const path = join(folder, 'bad.jsonl');
    const mark = Buffer.from([0xef, 0xbb, 0xbf]);
    const parts = [
      mark,
      JSON.stringify(record(0)),
      '\r\n\r\n\n',
      '{"model": \n',
      '[1]\n',
      Buffer.from([0x7b, 0xff, 0x7d, 0x0a]),
      `${JSON.stringify(record(1, { tokens_in: -1 }))}\n`,
      `${JSON.stringify(record(2, { tokens_out: 'many' }))}\n`,
      `{"x": "${'y'.repeat(4 * 1_048_576)}"}\n`,
      `${JSON.stringify(record(1, { metadata: { session_id: 'a\u2028b' } }))}\n`,
      `${JSON.stringify(record(3, { latency_ms: '?' })).replace('"?"', 'NaN')}\n`,
      `${JSON.stringify(record(4, { response: '?' })).replace('"?"', '{"logprobs":[-Infinity,NaN]}')}\n`,
      JSON.stringify(record(2)),
    ];
    await writeFile(path, Buffer.concat(parts.map(part => Buffer.from(part))));
    const imported = await importPath(world, path);
    expect(imported).toMatchObject({ rows: 4, unique: 4, refused: 7, assumedTimes: 0, isWhole: true });
    expect(await tokens(world)).toEqual([0, 1, 2, 4]);
    expect((await deadLetters(world)).map(({ line, code, field }) => [line, code, field])).toEqual([
      [4, 'not_json', ''],
      [5, 'not_an_object', ''],
      [6, 'not_utf8', ''],
      [7, 'negative', 'tokens_in'],
      [8, 'wrong_type', 'tokens_out'],
      [9, 'line_too_long', ''],
      [11, 'not_a_number', 'latency_ms'],
    ]);
    const [run] = await runs(world);
    expect(run).toMatchObject({ job: 'ingest-traces', state: 'COMPLETED', rowCount: 4, refusedCount: 7 });
    expect(run?.details).toMatchObject({ source: 'bad.jsonl' });
  });

  it('goes on where a file grew, also within its last line, and does nothing where nothing came', async () => {
    const world = await newWorld();
    const path = join(folder, 'grows.jsonl');
    const text = lines(0, 10);
    await writeFile(path, text.slice(0, -20));
    expect(await importPath(world, path)).toMatchObject({ rows: 9, refused: 1, from: 'start' });
    expect(await importPath(world, path)).toMatchObject({ rows: 0, refused: 0, from: 'nothing new' });
    await appendFile(path, `${text.slice(-20)}${lines(10, 12)}`);
    expect(await importPath(world, path)).toMatchObject({ rows: 3, refused: 0, from: 'left' });
    expect(await tokens(world)).toEqual(upTo(12));
    expect(await runs(world)).toHaveLength(2);
  });

  it('begins anew where the content is another, and says so', async () => {
    const world = await newWorld();
    const path = join(folder, 'changed.jsonl');
    await writeFile(path, lines(0, 3));
    await importPath(world, path);
    await writeFile(path, lines(1, 5));
    expect(await importPath(world, path)).toMatchObject({ rows: 4, from: 'changed' });
    expect(await tokens(world)).toEqual(upTo(5));
  });

  it('ends cleanly when it is stopped, and a repeat reads only the rest', async () => {
    const world = await newWorld();
    const path = join(folder, 'stopped.jsonl');
    await writeFile(path, longLines(5_000));
    const stop = new AbortController();
    const first = await importPath(world, path, { stopping: stop.signal, onProgress: () => stop.abort() });
    expect(first.isWhole).toBe(false);
    expect(first.rows).toBeGreaterThan(0);
    expect(first.rows).toBeLessThan(5_000);
    const [run] = await runs(world);
    expect(run).toMatchObject({ state: 'FAILED', rowCount: first.rows });
    const second = await importPath(world, path);
    expect(second).toMatchObject({ rows: 5_000 - first.rows, from: 'left', isWhole: true });
    expect(await tokens(world)).toEqual(upTo(5_000));
    expect(await runs(world)).toMatchObject([{ state: 'COMPLETED', rowCount: 5_000 }]);
  });

  it('keeps what could be read of a packed file that is cut off, and fails', async () => {
    const world = await newWorld();
    const path = join(folder, 'cut.jsonl.gz');
    const whole = gzipSync(longLines(5_000));
    await writeFile(path, whole.subarray(0, whole.length / 2));
    await expect(importPath(world, path)).rejects.toThrow(/unexpected end of file/);
    const kept = (await tokens(world)).length;
    expect(kept).toBeGreaterThan(0);
    expect(await runs(world)).toMatchObject([{ state: 'FAILED', rowCount: kept }]);
    await writeFile(path, whole);
    expect((await importPath(world, path)).rows).toBe(5_000 - kept);
    expect(await tokens(world)).toEqual(upTo(5_000));
  });

  it('counts records without a time, which get the time of the import', async () => {
    const world = await newWorld();
    const path = join(folder, 'timeless.jsonl');
    await writeFile(path, `${JSON.stringify(record(0, { timestamp: undefined }))}\n`);
    expect(await importPath(world, path)).toMatchObject({ rows: 1, assumedTimes: 1 });
  });

  it('is refused while another process imports the same file', async () => {
    const world = await newWorld();
    const path = join(folder, 'twice.jsonl');
    await writeFile(path, longLines(3_000));
    const both = await Promise.allSettled([importPath(world, path), importPath(world, path)]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await tokens(world)).toEqual(upTo(3_000));
  });
});

describe('load jobs of an import into BigQuery', () => {
  const dayMs = 86_400_000;
  /** A tenth of a second before the end of a day that no other test charges. */
  const lateOnADay = () => new Date(Date.UTC(2070, 0, 1) + randomInt(10_000) * dayMs - 100);
  const rowsInBigQuery = async ({ tenantDatasetId }: World) => {
    const sql = `SELECT COUNT(*) AS row_count FROM \`${tenantDatasetId}.sessions\``;
    const { rows } = await runStatement({ name: 'test/rows', sql });
    return Number(rows[0]?.row_count);
  };
  async function twoFiles(name: string): Promise<TextSource[]> {
    const paths = [join(folder, `${name}-1.jsonl`), join(folder, `${name}-2.jsonl`)];
    await Promise.all(paths.map((path, index) => writeFile(path, lines(2 * index, 2 * index + 2))));
    return Promise.all(paths.map(async path => fileSource(path, (await stat(path)).size)));
  }

  it('are charged to the budget of all loading; once the day has none left the import says so and goes on with the next day’s', async () => {
    const world = await newWorld();
    let now = lateOnADay();
    const day = now;
    const waits: Date[] = [];
    const onWait = (until: Date) => {
      waits.push(until);
      now = until;
    };
    const request = { bigquery: bigquery(), clock: () => now, loadJobsPerDay: 1, onWait };
    expect(await importAll(world, await twoFiles('budget'), request)).toMatchObject([{ rows: 2 }, { rows: 2 }]);
    expect(waits).toEqual([nextUtcMidnight(day)]);
    expect([(await daySpent(day)).jobs, (await daySpent(now)).jobs]).toEqual([1, 1]);
    expect(await rowsInBigQuery(world)).toBe(4);
    expect((await runs(world)).map(({ state }) => state)).toEqual(['COMPLETED', 'COMPLETED']);
    const uri = `/datasets/${world.tenantDatasetId}`;
    await bigqueryRequest(bigquery(), { method: 'DELETE', uri, qs: { deleteContents: true } });
  }, 60_000);

  it('are not waited for by an import that is stopped, which a repeat finishes; Parquet alone needs none', async () => {
    const world = await newWorld();
    const now = lateOnADay();
    const stop = new AbortController();
    const sources = await twoFiles('spent');
    const request = { bigquery: bigquery(), clock: () => now, loadJobsPerDay: 0, onWait: () => stop.abort() };
    await expect(importAll(world, sources, { ...request, stopping: stop.signal })).rejects.toThrow(
      'The 0 load jobs of this UTC day are spent; a repeat goes on.',
    );
    expect(existsSync(datasetFolder(world.tenantDatasetId))).toBe(false);
    expect(await runs(world)).toMatchObject([{ state: 'FAILED', error: expect.stringContaining('are spent') }]);
    await importAll(world, sources, { ...request, bigquery: null });
    expect(await tokens(world)).toEqual(upTo(4));
    expect((await daySpent(now)).jobs).toBe(0);
  });
});

describe('what an import reads', () => {
  it('is a folder with all below it in order, packed or not, each file noted for itself', async () => {
    const world = await newWorld();
    const base = join(folder, 'logs');
    await mkdir(join(base, '2026'), { recursive: true });
    await writeFile(join(base, '2026', 'b.jsonl.zst'), zstdCompressSync(lines(4, 6)));
    await writeFile(join(base, 'a.jsonl.gz'), gzipSync(lines(2, 4)));
    await writeFile(join(base, '2026', 'a.ndjson'), lines(0, 2));
    await writeFile(join(base, 'notes.txt'), 'no traces');
    const sources = await findSources(base);
    expect(sources.map(({ location }) => location.slice(base.length))).toEqual([
      '/2026/a.ndjson',
      '/2026/b.jsonl.zst',
      '/a.jsonl.gz',
    ]);
    await importAll(world, sources);
    expect(await tokens(world)).toEqual(upTo(6));
    const ofWorld = and(eq(traceFiles.customerId, world.customerId), eq(traceFiles.isDone, true));
    expect(await db().select().from(traceFiles).where(ofWorld)).toHaveLength(3);
  });

  it('is every object of a bucket below a prefix, each once as long as it is not written anew', async () => {
    const world = await newWorld();
    const double = await startStorageDouble();
    try {
      const put = (name: string, text: string) =>
        double.objects.set(`logs/${name}`, { bytes: Buffer.from(text), crc32c: '' });
      put('day/b.jsonl', lines(2, 4));
      put('day/a.jsonl', lines(0, 2));
      put('night/c.jsonl', lines(4, 6));
      const storage = new Storage({ apiEndpoint: double.url, projectId: 'test', retryOptions: { autoRetry: false } });
      const sources = () => findSources('gs://logs/day/*', storage);
      expect((await sources()).map(({ location }) => location)).toEqual([
        'gs://logs/day/a.jsonl',
        'gs://logs/day/b.jsonl',
      ]);
      await importAll(world, await sources());
      expect(await tokens(world)).toEqual(upTo(4));
      expect((await importAll(world, await sources())).map(({ from }) => from)).toEqual(['nothing new', 'nothing new']);
      await expect(findSources('gs://logs/none.jsonl', storage)).rejects.toThrow('there is no such object');
    } finally {
      await double.stop();
    }
  });

  it('is named where it is not there', async () => {
    await expect(findSources(join(folder, 'none.jsonl'))).rejects.toThrow('there is no such file or folder');
  });
});
