/** The copy of etl_runs holds the runs as they are, whose key is a number and not a text. */
import { eq, sql } from 'drizzle-orm';
import { afterAll, expect, test } from 'vitest';
import { createWorld, type World } from '@/dev/testing/world';
import { etlRunsMirror } from '@/lib/domains/traces/mirror';
import { etlRuns } from '@/lib/domains/traces/tables';
import { relayDeps } from '@/lib/edge/worker/mirrors';
import { bigquery, bigqueryRequest, runStatement } from '@/lib/platform/bigquery/bigquery';
import { db } from '@/lib/platform/db';
import type { Mirror } from '@/lib/warehouse/mirror/define-mirror';
import { rebuildMirror } from '@/lib/warehouse/mirror/rebuild';
import { verifyMirror } from '@/lib/warehouse/mirror/verify';

const worlds: World[] = [];
afterAll(async () => {
  const drop = ({ tenantDatasetId: dataset }: World) =>
    bigqueryRequest(bigquery(), { method: 'DELETE', uri: `/datasets/${dataset}`, qs: { deleteContents: true } });
  await Promise.allSettled(worlds.map(drop));
});

/** As texts, the last six come before the first six. */
const ids = Array.from({ length: 12 }, (_, index) => 9_999_999_994 + index);

async function twelveRuns(): Promise<World> {
  const world = await createWorld();
  worlds.push(world);
  await db().transaction(async tx => {
    await tx.execute(sql`DELETE FROM etl_runs WHERE id = ANY (${sql.param(ids)}::bigint[])`);
    await tx.execute(sql`
      INSERT INTO etl_runs (id, customer_id, job, state, started_at, details) OVERRIDING SYSTEM VALUE
      SELECT id, ${world.customerId}, 'ingest-traces', 'COMPLETED', '2026-03-01T10:00:00Z', '{"source":"x.jsonl"}'
      FROM unnest(${sql.param(ids)}::bigint[]) AS id`);
  });
  return world;
}

test('keys that are numbers are listed in the order of numbers, page by page', async () => {
  const { customerId } = await twelveRuns();
  const listed: string[] = [];
  for (let after: string | null = null; ; after = listed.at(-1) ?? null) {
    const page = await etlRunsMirror.listKeys(db(), { after, limit: 5, customerId });
    if (page.length === 0) break;
    listed.push(...page);
  }
  expect(listed).toEqual(ids.map(String));
});

test('rebuild brings all of them, and verify finds what differs, is missing or is left over', async () => {
  const { customerId, tenantDatasetId: dataset } = await twelveRuns();
  const deps = relayDeps();
  const verify = async () => {
    const [verified] = await Array.fromAsync(verifyMirror(deps, etlRunsMirror as unknown as Mirror, customerId));
    return verified?.differences;
  };
  const rebuild = () => rebuildMirror(deps, etlRunsMirror.name, customerId);
  expect(await rebuild()).toEqual([{ mirror: etlRunsMirror.name, dataset, rows: 12, removed: 0 }]);
  expect(await verify()).toEqual([]);
  const [first = 0, , third = 0, last = 0] = [...ids.slice(0, 3), ...ids.slice(-1)];
  await db().update(etlRuns).set({ rowCount: 7 }).where(eq(etlRuns.id, first));
  await db().delete(etlRuns).where(eq(etlRuns.id, last));
  await runStatement({ name: 'test/delete', sql: `DELETE FROM \`${dataset}.etl_runs\` WHERE id = ${third}` });
  expect(new Map((await verify())?.map(({ key, kind }) => [key, kind]))).toEqual(
    new Map([
      [String(first), 'different'],
      [String(third), 'missing in BigQuery'],
      [String(last), 'only in BigQuery'],
    ]),
  );
  expect(await rebuild()).toMatchObject([{ rows: 11, removed: 1 }]);
  expect(await verify()).toEqual([]);
});
