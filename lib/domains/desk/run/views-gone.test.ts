/** Views that somebody dropped behind our back: who hears of it distrusts no more than what was there when it asked. */
import { eq } from 'drizzle-orm';
import { afterAll, expect, test, vi } from 'vitest';
import { countCreates } from '@/dev/testing/desk/sent-statements';
import { createWorld, type World } from '@/dev/testing/world';
import { deskDatasetOf } from '@/lib/domains/desk/catalog/desk-dataset';
import { distrustViews, ensureViews } from '@/lib/domains/desk/catalog/ensure-views';
import { beginView, endView, madeViews, viewClock } from '@/lib/domains/desk/catalog/made-views';
import { dryRun } from '@/lib/domains/desk/run/dry-run';
import { deskViews } from '@/lib/domains/desk/tables';
import { bigquery, bigqueryRequest } from '@/lib/platform/bigquery/bigquery';
import { db } from '@/lib/platform/db';
import { agentDatasetOf } from '@/lib/warehouse/agent-dataset';

const datasets: string[] = [];
const drop = (dataset: string) =>
  bigqueryRequest(bigquery(), { method: 'DELETE', uri: `/datasets/${dataset}`, qs: { deleteContents: true } });

async function newWorld(): Promise<World> {
  const world = await createWorld();
  const { tenantDatasetId } = world;
  datasets.push(tenantDatasetId, agentDatasetOf(tenantDatasetId), deskDatasetOf(tenantDatasetId));
  return world;
}

afterAll(() => Promise.allSettled(datasets.map(drop)));

const tables = ['commits', 'sessions', 'dq_results'];
const callers = Array.from({ length: 12 }, (_, caller) => caller);

test('of twelve callers that hear one after the other that their views are gone, the first makes them anew, each once', async () => {
  const world = await newWorld();
  await ensureViews(world.system);
  await drop(deskDatasetOf(world.tenantDatasetId));
  const asked: Promise<unknown>[] = [];
  const answered = new Set<number>();
  // All have been told so before the first hears it; each hears it once the one before has its answer.
  const creates = countCreates(async (body, send) => {
    const caller = Number(/\b(\d+) AS caller/.exec(body)?.[1]);
    if (Number.isNaN(caller) || answered.has(caller)) return send();
    const answer = await send().then(
      sent => () => sent,
      (error: unknown) => () => {
        throw error;
      },
    );
    answered.add(caller);
    await vi.waitFor(() => expect(answered.size).toBe(callers.length), 20_000);
    await asked[caller - 1];
    return answer();
  });
  asked.push(
    ...callers.map(caller => {
      const table = tables[caller % tables.length] ?? '';
      return dryRun(world.system, `SELECT COUNT(*) AS found, ${caller} AS caller FROM ${table}`, [table]);
    }),
  );
  await Promise.all(asked);
  expect(Object.fromEntries(creates)).toEqual(Object.fromEntries(tables.map(table => [table, 1])));
});

test('what is known of other customers stays known where one’s views are gone', async () => {
  const [world, other] = [await newWorld(), await newWorld()];
  // The first look makes the view, the second finds it made.
  for (const { system } of [world, other, world, other]) await ensureViews(system, ['commits']);
  // From now on this process alone knows of the other one's view.
  await db().delete(deskViews).where(eq(deskViews.customerId, other.customerId));
  const creates = countCreates();
  await distrustViews(world.system, await viewClock());
  for (const { system } of [world, other]) await ensureViews(system, ['commits']);
  expect(Object.fromEntries(creates)).toEqual({ commits: 1 });
});

test('a view is distrusted where it was there when the question was sent, not where it was made since or is being made', async () => {
  const { customerId, system } = await newWorld();
  const make = async (viewName: string) =>
    endView({ customerId, viewName, mark: await beginView(customerId, viewName), definition: 'one' });
  await make('before');
  const mark = await beginView(customerId, 'under_way');
  const sentAt = await viewClock();
  await vi.waitFor(async () => expect((await viewClock()).getTime()).toBeGreaterThan(sentAt.getTime()));
  await make('since');
  await distrustViews(system, sentAt);
  expect([...(await madeViews(customerId)).keys()].toSorted()).toEqual(['since', 'under_way']);
  expect(await endView({ customerId, viewName: 'under_way', mark, definition: 'one' })).toBe(true);
});
