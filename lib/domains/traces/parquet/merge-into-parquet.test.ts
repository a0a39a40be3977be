import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { traceRow } from '@/dev/testing/traces/rows';
import type { PricedRow } from '@/lib/domains/traces/normalize/trace-row';
import { fileColumns } from '@/lib/domains/traces/parquet/columns';
import { mergeIntoParquet, mergeRowFile } from '@/lib/domains/traces/parquet/merge-into-parquet';
import { datasetFolder } from '@/lib/domains/traces/parquet/partition';
import { RowFile } from '@/lib/domains/traces/parquet/row-groups/row-file';
import { newGroupMemory, RowGroup } from '@/lib/domains/traces/parquet/row-groups/row-group';
import { newWorkFolder, sweepWorkFolders } from '@/lib/domains/traces/parquet/work-folder';
import { literal, withDuckDb } from '@/lib/platform/duckdb';
import { randomText } from '@/lib/platform/ids';

let folder = '';
const datasets: string[] = [];
const newDataset = () => {
  const name = `parquet_${randomText(10)}`;
  datasets.push(name);
  return name;
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'traces-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  for (const dataset of datasets) await rm(datasetFolder(dataset), { recursive: true, force: true });
});

async function merge(dataset: string, rows: readonly PricedRow[], mayReplace?: () => void) {
  const ndjson = rows.map(row => `${JSON.stringify(row)}\n`).join('');
  const merged = await mergeIntoParquet({ dataset, ndjson, mayReplace });
  const batch = await read(merged.parquetFile);
  await rm(merged.parquetFile);
  return { rows: merged.rows, days: merged.days, batch };
}

type Read = Record<string, unknown>;
const read = (path: string): Promise<Read[]> =>
  withDuckDb({ folder }, database =>
    database.rows<Read>(`SELECT * FROM read_parquet(${literal(path)}, hive_partitioning = false) ORDER BY trace_hash`),
  );
const stored = (dataset: string) => read(join(datasetFolder(dataset), '*/*/*.parquet'));
const partitions = async (dataset: string) =>
  (await readdir(datasetFolder(dataset), { recursive: true })).filter(name => name.endsWith('.parquet')).sort();

describe('rows into Parquet', () => {
  it('keeps the last line of a hash within a batch, and the batch’s row over the file’s', async () => {
    const dataset = newDataset();
    const [a, b, c] = [traceRow(), traceRow(), traceRow()];
    const first = await merge(dataset, [{ ...a, accepted_lines: 1 }, b, { ...a, accepted_lines: 2 }]);
    expect(first.rows).toBe(2);
    expect(first.batch.find(row => row.trace_hash === a.trace_hash)?.accepted_lines).toBe(2n);
    const second = await merge(dataset, [{ ...b, accepted_lines: 9 }, c]);
    expect(second.rows).toBe(2);
    const rows = await stored(dataset);
    expect(Object.fromEntries(rows.map(row => [row.trace_hash, row.accepted_lines]))).toEqual({
      [a.trace_hash]: 2n,
      [b.trace_hash]: 9n,
      [c.trace_hash]: null,
    });
  });

  it('keeps the last line of a hash also where it stands in another of the file’s many groups', async () => {
    const dataset = newDataset();
    const known = Array.from({ length: 30_000 }, () => traceRow());
    const file = new RowFile(join(folder, 'rows.parquet'));
    const [group, memory] = [new RowGroup(fileColumns), newGroupMemory()];
    for (const time of [1, 2])
      for (const row of known) {
        group.add({ ...row, accepted_lines: time }, row);
        if (group.rows === 1_000) await file.add(group.write(memory));
      }
    const merged = await mergeRowFile(await file.finish(), { dataset, keepsBatch: false });
    expect(merged.rows).toBe(known.length);
    const rows = await stored(dataset);
    expect(rows.length).toBe(known.length);
    expect(rows.filter(row => row.accepted_lines !== 2n)).toEqual([]);
  });

  it('keeps the session and the developer of a span’s trace where the span comes again without, in the batch and in the file', async () => {
    const dataset = newDataset();
    const span = traceRow({ source: 'otlp', session_id: null, developer_id: null });
    const [early, late] = [
      { ...span, session_id: 'conv-1' },
      { ...span, developer_id: 'mia@acme.io' },
    ];
    const bare = { ...span, accepted_lines: 7 };
    const names = { session_id: 'conv-1', developer_id: 'mia@acme.io', accepted_lines: 7n };
    const other = traceRow({ session_id: null, developer_id: null });
    await merge(dataset, [early, late, other]);
    const { batch } = await merge(dataset, [bare, { ...other, accepted_lines: 1 }]);
    expect(batch.find(row => row.trace_hash === span.trace_hash)).toMatchObject(names);
    expect((await stored(dataset)).find(row => row.trace_hash === span.trace_hash)).toMatchObject(names);
    const renamed = { ...span, session_id: 'conv-2', developer_id: 'jo@acme.io' };
    await merge(dataset, [renamed, bare]);
    expect((await stored(dataset)).find(row => row.trace_hash === span.trace_hash)).toMatchObject({
      ...names,
      session_id: 'conv-2',
      developer_id: 'jo@acme.io',
    });
    expect((await stored(dataset)).find(row => row.trace_hash === other.trace_hash)).toMatchObject({
      session_id: null,
      developer_id: null,
    });
  });

  it('gives back every value as it was, whatever signs it has', async () => {
    const dataset = newDataset();
    const row = traceRow({
      session_id: '\\N',
      developer_id: '',
      team: 'a,"b"\r\nc\u0000 😀',
      tags: ' \u2028 ',
      error_message: "it's; DROP",
      latency_ms: 1e-7,
      cost_usd: 0.1 + 0.2,
      tokens_in: Number.MAX_SAFE_INTEGER,
      reported_cost_usd: 1.7976931348623157e308,
      from_cache: true,
      timestamp: '2026-10-12T23:59:59.123456+00:00',
      event_date: '2026-10-12',
    });
    await merge(dataset, [row]);
    const [got] = await stored(dataset);
    const { timestamp, received_at, event_date, tokens_in, ...same } = row;
    for (const [name, value] of Object.entries(same))
      expect(typeof value === 'number' && got?.[name] !== null ? Number(got?.[name]) : got?.[name], name).toBe(value);
    expect(got?.tokens_in).toBe(BigInt(tokens_in));
    expect(got?.timestamp).toEqual(new Date(timestamp));
    expect(got?.received_at).toEqual(new Date(received_at));
    expect(got?.event_date).toEqual(new Date(event_date));
  });

  it('has one file a repository and day, in folders that no slug leaves', async () => {
    const dataset = newDataset();
    const slugs = ['acme/shop', null, '../../up', '__none__', 'a b=é', 'x'.repeat(256)];
    const { rows, batch } = await merge(
      dataset,
      slugs.flatMap(repo_slug => [traceRow({ repo_slug }), traceRow({ repo_slug })]),
    );
    expect({ rows, batch: batch.length }).toEqual({ rows: 2 * slugs.length, batch: 2 * slugs.length });
    const files = await partitions(dataset);
    const day = traceRow().event_date;
    expect(files).toHaveLength(slugs.length);
    expect(files).toContain(`repo=acme%2Fshop/date=${day}/traces.parquet`);
    expect(files).toContain(`repo=__none__/date=${day}/traces.parquet`);
    expect(files).toContain(`repo=%5F_none__/date=${day}/traces.parquet`);
    expect(files).toContain(`repo=..%2F..%2Fup/date=${day}/traces.parquet`);
    expect(await stored(dataset)).toHaveLength(2 * slugs.length);
  });

  it('says from which day to which its rows are', async () => {
    const days = ['2026-03-02', '2026-12-31', '2025-07-09', '2026-03-02'];
    const rows = days.map((event_date, index) => traceRow({ event_date, repo_slug: `acme/${index}` }));
    expect((await merge(newDataset(), rows)).days).toEqual({ lo: '2025-07-09', hi: '2026-12-31' });
    expect((await merge(newDataset(), rows.slice(0, 1))).days).toEqual({ lo: '2026-03-02', hi: '2026-03-02' });
  });

  it('leaves files as they were where the lock is lost before the rename', async () => {
    const dataset = newDataset();
    const row = traceRow({ accepted_lines: 1 });
    await merge(dataset, [row]);
    const lost = () => {
      throw new Error('the lock is gone');
    };
    await expect(merge(dataset, [{ ...row, accepted_lines: 2 }, traceRow()], lost)).rejects.toThrow('the lock is gone');
    expect((await stored(dataset)).map(({ accepted_lines }) => accepted_lines)).toEqual([1n]);
  });

  it('has a file without rows of an empty batch', async () => {
    expect(await merge(newDataset(), [])).toEqual({ rows: 0, days: null, batch: [] });
  });

  it('sweeps folders of processes that are gone, and none that is in use', async () => {
    const used = await newWorkFolder();
    const gone = used.replace(`.${process.pid}.`, '.4194999.');
    await writeFile(join(used, 'x'), '');
    await (await import('node:fs/promises')).mkdir(gone);
    await sweepWorkFolders();
    const left = await readdir(join(used, '..'));
    expect(left).toContain(used.split('/').at(-1));
    expect(left).not.toContain(gone.split('/').at(-1));
    await rm(used, { recursive: true });
  });
});
