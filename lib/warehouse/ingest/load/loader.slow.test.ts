/** The loader as it runs in the worker: one bad row among half a million, and a BigQuery that is away for a while. */
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testDefinition, testRows, withIngestDatasets } from '@/dev/testing/ingest/datasets';
import { type RefusingBigQuery, refusingBigQuery } from '@/dev/testing/ingest/refusing-bigquery';
import { useOwnDatabase } from '@/dev/testing/own-database';
import { until } from '@/dev/testing/relay';
import { runStatement } from '@/lib/platform/bigquery/bigquery';
import { db } from '@/lib/platform/db';
import type { LoaderDeps } from '@/lib/warehouse/ingest/load/deps';
import { startLoader } from '@/lib/warehouse/ingest/load/loader';
import { waitingTables } from '@/lib/warehouse/ingest/spool/chunks';
import { ingestLoads } from '@/lib/warehouse/ingest/tables';

// The loop loads whatever waits in its database.
let drop: () => Promise<void>;
const { dataset, put, rows, dead } = withIngestDatasets('loader_slow');
let service: RefusingBigQuery;
let proxy: RefusingBigQuery['proxy'];

beforeAll(async () => {
  drop = await useOwnDatabase();
  service = await refusingBigQuery();
  proxy = service.proxy;
});
afterAll(async () => {
  await service.close();
  await drop();
});

/** The local BigQuery takes rows of a stream a few thousand a second. */
const sinks = [
  { sink: 'load_job', thousands: 500 },
  { sink: 'stream', thousands: 100 },
] as const;

describe.each(sinks)('by $sink', ({ sink, thousands }) => {
  const deps = (): LoaderDeps => ({
    ...service.clients,
    sink,
    definitions: [testDefinition()],
    limits: { intervalSeconds: 1, propagationMs: [200] },
  });
  const nothingWaits = async () => (await waitingTables()).length === 0;

  test(`of ${thousands} × 1,000 rows with one bad one all others land, once each, and the bad one is set aside`, async () => {
    for (let chunk = 0; chunk < thousands; chunk += 50) {
      const some = Array.from({ length: 50 }, (_, index) => testRows(1_000, `c${chunk + index}_`));
      if (chunk === 50) some[7]?.splice(321, 1, { id: 'poison', n: 321 });
      await put('orders', some);
    }
    proxy.poison = '"poison"';
    const loader = startLoader(deps());
    await until(nothingWaits, 240_000);
    await loader.stop();
    proxy.poison = null;
    const sql = `SELECT COUNT(*) AS all_rows, COUNT(DISTINCT id) AS ids FROM \`${dataset()}.orders\``;
    expect((await runStatement({ name: 'test', sql })).rows).toEqual([
      { all_rows: thousands * 1_000 - 1, ids: thousands * 1_000 - 1 },
    ]);
    expect(await dead()).toMatchObject([{ rowId: 'poison' }]);
    const loads = await db().select().from(ingestLoads).where(eq(ingestLoads.dataset, dataset()));
    expect(loads.length).toBeLessThan(20);
  }, 300_000);

  test('while BigQuery is away rows wait, new ones too; once it is back each arrives once', async () => {
    await put('orders', [testRows(20, 'a')]);
    proxy.down = true;
    const loader = startLoader(deps());
    await new Promise(resolve => setTimeout(resolve, 4_000));
    await put('orders', [testRows(20, 'b')]);
    await put('refunds', [testRows(20, 'c')]);
    expect(await waitingTables()).toHaveLength(2);
    proxy.down = false;
    await until(nothingWaits, 60_000);
    await loader.stop();
    expect(await rows('orders')).toHaveLength(40);
    expect(await rows('refunds')).toHaveLength(20);
  }, 90_000);

  test('two loaders share many tables; a loader that is stopped ends what it began', async () => {
    for (let table = 0; table < 30; table++) await put(`table_${table}`, [testRows(50, 'a'), testRows(50, 'b')]);
    const loaders = [startLoader(deps()), startLoader(deps())];
    await new Promise(resolve => setTimeout(resolve, 1_500));
    await loaders[0]?.stop();
    await until(nothingWaits, 120_000);
    await loaders[1]?.stop();
    for (let table = 0; table < 30; table++) expect(await rows(`table_${table}`)).toHaveLength(100);
    const loads = await db().select().from(ingestLoads).where(eq(ingestLoads.dataset, dataset()));
    expect(loads.every(load => load.state === 'LOADED')).toBe(true);
  }, 180_000);
});
