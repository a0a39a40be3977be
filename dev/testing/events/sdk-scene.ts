/** A data plane for Segment's own SDKs, mixed calls for them to send, and the rows that must come of these. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { insertSource, type TestSource } from '@/dev/testing/events/sources';
import { createWorld } from '@/dev/testing/world';
import { eventConsumer } from '@/lib/domains/events/process/process-entries';
import { listener } from '@/lib/edge/v1/node-server';
import { loaderDeps } from '@/lib/edge/worker/ingest';
import { runStatement } from '@/lib/platform/bigquery/bigquery';
import { loadOnce } from '@/lib/warehouse/ingest/load/loader';
import { consumeOnce } from '@/lib/warehouse/ingest/spool/consume';

export type SdkScene = { source: TestSource; url: string; close: () => Promise<void> };

/** A data plane on this machine, and a source whose events it takes. */
export async function openSdkScene(): Promise<SdkScene> {
  const server = createServer(listener);
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const source = await insertSource(await createWorld());
  return {
    source,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    },
  };
}

/** A call as an SDK is told to make it; plain JSON, so that a script of another language can be given them. */
export type MixedCall =
  | { type: 'identify'; userId: string; traits: object }
  | { type: 'track'; userId: string; event: string; properties: object }
  | { type: 'page'; userId: string; name: string; properties: object }
  | { type: 'screen'; userId: string; name: string; properties: object }
  | { type: 'group'; userId: string; groupId: string; traits: object }
  | { type: 'alias'; userId: string; previousId: string };

const properties = (n: number) => ({
  n,
  price: n + 0.5,
  label: `Größe ${n} 😀 "\\`,
  deep: { a: { b: n } },
  list: [n, 'x'],
});

function mixedCall(n: number): MixedCall {
  const userId = `user-${n}`;
  switch (n % 6) {
    case 0:
      return { type: 'identify', userId, traits: { n, plan: 'pro', email: `${n}@example.com` } };
    case 1:
      return { type: 'track', userId, event: 'Order Completed', properties: properties(n) };
    case 2:
      return { type: 'page', userId, name: 'Home', properties: { n } };
    case 3:
      return { type: 'screen', userId, name: 'Start', properties: { n } };
    case 4:
      return { type: 'group', userId, groupId: `group-${n}`, traits: { n } };
    default:
      return { type: 'alias', userId, previousId: `before-${n}` };
  }
}

/** That many calls of all kinds. */
export const mixedCalls = (count: number): MixedCall[] => Array.from({ length: count }, (_, n) => mixedCall(n));

type Row = Record<string, unknown>;
const tables = ['identifies', 'users', 'tracks', 'order_completed', 'pages', 'screens', 'groups', 'aliases'] as const;
type Rows = Record<(typeof tables)[number], Row[]>;

/** Rows that the calls must become, by the columns that the calls decide. */
function expectedRows(calls: readonly MixedCall[]): Rows {
  const rows = Object.fromEntries(tables.map(table => [table, [] as Row[]])) as Rows;
  for (const [n, call] of calls.entries()) {
    const { userId: user_id } = call;
    if (call.type === 'identify') {
      const traits = { n, plan: 'pro', email: `${n}@example.com` };
      rows.identifies.push({ user_id, ...traits });
      rows.users.push({ id: user_id, ...traits });
    } else if (call.type === 'track') {
      const { price, label } = properties(n);
      rows.tracks.push({ user_id, event: 'order_completed', event_text: 'Order Completed' });
      rows.order_completed.push({ user_id, n, price, label, deep_a_b: n, list: `[${n},"x"]` });
    } else if (call.type === 'page') rows.pages.push({ user_id, n, name: 'Home' });
    else if (call.type === 'screen') rows.screens.push({ user_id, n, name: 'Start' });
    else if (call.type === 'group') rows.groups.push({ user_id, n, group_id: call.groupId });
    else rows.aliases.push({ user_id, previous_id: call.previousId });
  }
  return rows;
}

const maxRounds = 40;

const keyOf = (row: Row): string => String(row.n ?? row.previous_id ?? row.user_id);
const inOrder = (rows: Row[]): Row[] => rows.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
const cutTo = (row: Row, columns: readonly string[]): Row => Object.fromEntries(columns.map(name => [name, row[name]]));

/** As the worker does, but at once and for this source alone. */
async function bringToBigQuery({ dataset }: TestSource): Promise<void> {
  while ((await consumeOnce(eventConsumer)).entries > 0);
  for (let round = 0; round < maxRounds; round++) {
    const { rows, failures } = await loadOnce(loaderDeps(), { datasets: [dataset] });
    if (failures.length > 0) throw new Error(`a table was not loaded: ${JSON.stringify(failures)}`);
    if (rows === 0) return;
  }
}

/** The rows of a table of the source's dataset, once all that was sent is in it. */
export async function rowsOf({ source }: SdkScene, table: (typeof tables)[number]): Promise<Row[]> {
  await bringToBigQuery(source);
  const { rows } = await runStatement({ name: 'test', sql: `SELECT * FROM \`${source.dataset}.${table}\`` });
  return rows;
}

/**
 * The rows that are there and the expected ones, of the same columns and in one order. Without `user_id` where the SDK itself
 * keeps who its user is.
 */
export async function rowsBeside({ source }: SdkScene, calls: readonly MixedCall[], options = { withUserId: true }) {
  await bringToBigQuery(source);
  const all = expectedRows(calls);
  const [found, expected] = [{} as Rows, {} as Rows];
  for (const table of tables) {
    const columns = Object.keys(all[table][0] ?? {}).filter(name => options.withUserId || name !== 'user_id');
    const { rows } = await runStatement({ name: 'test', sql: `SELECT * FROM \`${source.dataset}.${table}\`` });
    found[table] = inOrder(rows.map(row => cutTo(row, columns)));
    expected[table] = inOrder(all[table].map(row => cutTo(row, columns)));
  }
  return { found, expected };
}
