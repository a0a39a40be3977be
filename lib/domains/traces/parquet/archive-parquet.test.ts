import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { traceRow } from '@/dev/testing/traces/rows';
import { createWorld, type World } from '@/dev/testing/world';
import { archiveParquet } from '@/lib/domains/traces/parquet/archive-parquet';
import { mergeIntoParquet } from '@/lib/domains/traces/parquet/merge-into-parquet';
import { datasetFolder } from '@/lib/domains/traces/parquet/partition';
import { etlRuns } from '@/lib/domains/traces/tables';
import { systemClock } from '@/lib/platform/clock';
import { db } from '@/lib/platform/db';

let folder = '';
const worlds: World[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'archive-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  for (const { tenantDatasetId } of worlds) await rm(datasetFolder(tenantDatasetId), { recursive: true, force: true });
});

const dayBefore = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
const rowOf = (days: number) =>
  traceRow({ event_date: dayBefore(days), timestamp: `${dayBefore(days)}T12:00:00+00:00` });

async function newWorld(...ages: number[]): Promise<World> {
  const world = await createWorld();
  worlds.push(world);
  await merge(world, ...ages);
  return world;
}
async function merge({ tenantDatasetId }: World, ...ages: number[]) {
  const ndjson = ages.map(days => `${JSON.stringify(rowOf(days))}\n`).join('');
  const { parquetFile } = await mergeIntoParquet({ dataset: tenantDatasetId, ndjson });
  await rm(parquetFile);
}

const filesIn = async (path: string) =>
  (await readdir(path, { recursive: true }).catch(() => [])).filter(name => name.endsWith('.parquet')).sort();
const archive = (name: string, { customerId }: World, olderThanDays = 90) =>
  archiveParquet({ clock: systemClock, olderThanDays, customerId, base: pathToFileURL(join(folder, name)).href });

test('only files of days older than the age are moved, once, as a run of the customer’s', async () => {
  const world = await newWorld(91, 90, 0);
  const { tenantDatasetId: dataset, customerId } = world;
  const { files, bytes } = await archive('once', world);
  expect(files).toBe(1);
  expect(bytes).toBeGreaterThan(0);
  const place = (days: number) => `repo=acme%2Fshop/date=${dayBefore(days)}`;
  expect(await filesIn(datasetFolder(dataset))).toEqual([`${place(90)}/traces.parquet`, `${place(0)}/traces.parquet`]);
  const moved = await filesIn(join(folder, 'once', dataset));
  expect(moved).toHaveLength(1);
  expect(moved[0]).toMatch(new RegExp(`^${place(91)}/[0-9a-f]{16}\\.parquet$`));
  await archive('once', world);
  expect(await filesIn(join(folder, 'once', dataset))).toEqual(moved);
  const runs = await db().select().from(etlRuns).where(eq(etlRuns.customerId, customerId));
  expect(runs).toMatchObject([{ job: 'archive-traces', state: 'COMPLETED', details: { files: 1 } }]);
});

test('what comes for a day that was archived is archived beside it, and a half file is no obstacle', async () => {
  const world = await newWorld(200);
  const path = join(folder, 'beside', world.tenantDatasetId);
  await archive('beside', world, 150);
  const [first = ''] = await filesIn(path);
  await merge(world, 200);
  await archive('beside', world, 150);
  const both = await filesIn(path);
  expect(both).toHaveLength(2);
  await writeFile(join(path, first), 'half');
  await merge(world, 200);
  await archive('beside', world, 150);
  expect(await filesIn(path)).toHaveLength(3);
});

test('without an address nothing is moved, and it says so', async () => {
  const { tenantDatasetId, customerId } = await newWorld(500);
  const { files, skipped } = await archiveParquet({ clock: systemClock, olderThanDays: 400, customerId });
  expect({ files, skipped }).toEqual({ files: 0, skipped: 'TRACE_ARCHIVE_URL is not set, so nothing leaves.' });
  expect(await filesIn(datasetFolder(tenantDatasetId))).toHaveLength(1);
});
