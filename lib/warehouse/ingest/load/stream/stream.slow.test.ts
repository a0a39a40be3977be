/** Loaders killed at any point, and a BigQuery that is killed and has no streams any more when it is back, leave each row once. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bigquery as localBigQuery } from '@/dev/stack/services/bigquery';
import { freePort } from '@/dev/stack/services/ports';
import type { ProcessPlan } from '@/dev/stack/supervisor';
import { testDefinition, testRows, withIngestDatasets } from '@/dev/testing/ingest/datasets';
import { until } from '@/dev/testing/relay';
import { bigquery, createBigQuery, runStatement } from '@/lib/platform/bigquery/bigquery';
import { createWriteClient } from '@/lib/platform/bigquery/streams/write-client';
import { loadOnce } from '@/lib/warehouse/ingest/load/loader';

const { dataset, put, rows, loads, chunks } = withIngestDatasets('stream_slow');
const tableName = 'orders';
const definitions = [testDefinition()];

const pointsOf = {
  load_job: ['beforeSend', 'afterSend'],
  stream: ['beforeSend', 'afterAppend', 'afterFinalize', 'afterSend'],
} as const;

test.each(['load_job', 'stream'] as const)(
  'a loader by %s that is killed at any point leaves each row once',
  async sink => {
    for (const point of pointsOf[sink]) {
      await put(tableName, [testRows(20, point)]);
      const values = ['--import', 'tsx', 'dev/testing/ingest/killed-loader.ts', dataset(), sink, point];
      const child = spawn(process.execPath, values, { env: process.env, stdio: 'inherit' });
      const [, signal] = await once(child, 'exit');
      expect(signal).toBe('SIGKILL');
      expect((await loads()).at(-1)?.state).toBe('SENDING');
      await loadOnce({ bigquery: bigquery(), definitions, sink }, { datasets: [dataset()] });
      expect((await chunks()).every(({ settledAt }) => settledAt)).toBe(true);
    }
    const found = (await rows(tableName)).map(({ id }) => id);
    expect(new Set(found).size).toBe(20 * pointsOf[sink].length);
    // The local BigQuery gives a load job an id of its own, so one sent again adds its rows again; loader.test.ts holds it to the service's way.
    if (sink === 'stream') expect(found).toHaveLength(20 * pointsOf[sink].length);
  },
  120_000,
);

/** A BigQuery of this test's own, which it may kill. */
let plan: ProcessPlan;
let child: ChildProcess;
const dir = mkdtempSync(join(tmpdir(), 'stream-'));
const projectId = 'tenantry-local';

async function start(): Promise<void> {
  child = spawn(plan.command, plan.args, { env: { ...process.env, ...plan.env }, cwd: plan.cwd, stdio: 'ignore' });
  await until(() => plan.healthy(), 60_000);
}

async function kill(): Promise<void> {
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

let ports: [number, number];
beforeAll(async () => {
  ports = [await freePort(), await freePort()];
  plan = await localBigQuery(dir, { port: ports[0], grpcPort: ports[1], projectId, say: () => undefined });
  await start();
}, 90_000);
afterAll(async () => {
  await kill();
  rmSync(dir, { recursive: true, force: true });
});

test('where BigQuery dies and forgets its streams, the table tells which of them were committed', async () => {
  const client = createBigQuery({ projectId, apiUrl: `http://127.0.0.1:${ports[0]}` });
  const writer = await createWriteClient({ projectId, url: `http://127.0.0.1:${ports[1]}` });
  const load = (hooks = {}) =>
    loadOnce(
      { bigquery: client, streams: async () => writer, definitions, sink: 'stream', hooks },
      { datasets: [dataset()] },
    );
  const dies = async () => {
    await kill();
    throw new Error('the process is gone');
  };
  for (const point of pointsOf.stream) {
    await put(tableName, [testRows(20, point)]);
    expect((await load({ [point]: dies })).failures).toHaveLength(1);
    expect((await load()).failures).toHaveLength(1);
    await start();
    await until(
      async () => (await load()).failures.length === 0 && (await chunks()).every(chunk => chunk.settledAt),
      30_000,
    );
  }
  const sql = `SELECT COUNT(*) AS all_rows, COUNT(DISTINCT id) AS ids FROM \`${dataset()}.${tableName}\``;
  expect((await runStatement({ name: 'test', sql }, client)).rows).toEqual([{ all_rows: 80, ids: 80 }]);
  await writer.close();
}, 240_000);
