/** Calls as SDKs send them, in the tables of BigQuery: each rule of the customer's document by the rows that are there. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { processed } from '@/dev/testing/events/processed';
import { insertSource, type TestSource } from '@/dev/testing/events/sources';
import { createWorld } from '@/dev/testing/world';
import { eventIngest } from '@/lib/domains/events/ingest';
import { bigquery, bigqueryRequest, runStatement } from '@/lib/platform/bigquery/bigquery';
import { loadOnce } from '@/lib/warehouse/ingest/load/loader';

let source: TestSource;
/** Types of all columns by table, as they are in the end. */
let tables: Map<string, Map<string, string>>;
const now = new Date();
const ago = (seconds: number) => new Date(now.getTime() - seconds * 1_000).toISOString();
const ahead = (seconds: number) => ago(-seconds);

const context = {
  ip: '203.0.113.9',
  userAgent: 'Mozilla/5.0',
  library: { name: 'analytics.js', version: '2.1.0' },
  device: { type: 'phone' },
};
const call = (type: string, messageId: string, more: Record<string, unknown>) => ({
  type,
  messageId,
  anonymousId: 'anon',
  userId: 'u1',
  context,
  ...more,
});
const order = (messageId: string, properties: Record<string, unknown>, more = {}) =>
  call('track', messageId, { event: 'Order Completed', properties, ...more });

/** What the source sends first, and what it sends once that is loaded. */
const first = [
  order('o1', {
    orderId: 'a',
    total: 1,
    list: [1, 2],
    nested: { deep: { er: true } },
    empty: null,
    id: 'mine',
    at: ago(60),
  }),
  call('track', 't1', { event: 'Sign-up: Step 1!', properties: {} }),
  call('track', 't2', { event: 'users', properties: { kept: 9_007_199_254_740_993n.toString() } }),
  call('identify', 'i1', { traits: { plan: 'free', logins: 1 }, timestamp: ago(100) }),
  call('page', 'p1', { name: 'Home', category: 'Docs', properties: { path: '/', title: 'Home' } }),
  call('screen', 's1', { name: 'Start', properties: { size: 5.5 } }),
  call('group', 'g1', { groupId: 'acme', traits: { seats: 7 } }),
  call('alias', 'a1', { previousId: 'anon', anonymousId: undefined }),
  order('ahead', {}, { timestamp: ahead(3_598), sentAt: ahead(3_600) }),
  order('in1970', {}, { timestamp: '1970-01-01T00:00:00Z', sentAt: '1970-01-01T00:00:02Z' }),
  order('in2106', {}, { timestamp: '2106-02-07T06:28:15.123456Z' }),
];
const second = [
  order('o2', { total: 1.5, list: 'text', nested: { deep: { er: false } }, 'New Property': 'x' }),
  call('identify', 'i2', { traits: { plan: 'pro' }, timestamp: ago(10) }),
  call('identify', 'i0', { traits: { plan: 'late', logins: 99 }, timestamp: ago(500) }),
];
const third = [order('o3', { total: 'x' }), order('o1', { total: 7 })];

async function send(calls: readonly Record<string, unknown>[]): Promise<void> {
  await processed(source.sourceId, [{ batch: calls }], new Date());
  const loaded = await loadOnce({ bigquery: bigquery(), definitions: [eventIngest] }, { datasets: [source.dataset] });
  expect(loaded.failures).toEqual([]);
}

beforeAll(async () => {
  source = await insertSource(await createWorld());
  for (const calls of [first, second, third]) await send(calls);
  tables = await schema();
}, 60_000);
afterAll(() =>
  bigqueryRequest(bigquery(), { method: 'DELETE', uri: `/datasets/${source.dataset}`, qs: { deleteContents: true } }),
);

const read = async (table: string, columns: string, where = 'TRUE'): Promise<Record<string, unknown>[]> => {
  const sql = `SELECT ${columns} FROM \`${source.dataset}.${table}\` WHERE ${where} ORDER BY id`;
  return (await runStatement({ name: 'test/landing', sql })).rows as Record<string, unknown>[];
};

async function schema(): Promise<Map<string, Map<string, string>>> {
  const sql = `SELECT table_name, column_name, data_type FROM \`${source.dataset}\`.INFORMATION_SCHEMA.COLUMNS`;
  const { rows } = await runStatement({ name: 'test/columns', sql });
  const found = new Map<string, Map<string, string>>();
  for (const { table_name, column_name, data_type } of rows as Record<string, string>[]) {
    const columns = found.get(table_name ?? '') ?? new Map<string, string>();
    found.set(table_name ?? '', columns.set(column_name ?? '', data_type ?? ''));
  }
  return found;
}

test('E-13, E-14: each identify is a row with its traits; of a user the latest by time is kept, and a late one changes nothing', async () => {
  expect(await read('identifies', 'id, plan, logins')).toEqual([
    { id: 'i0', plan: 'late', logins: 99 },
    { id: 'i1', plan: 'free', logins: 1 },
    { id: 'i2', plan: 'pro', logins: null },
  ]);
  expect(await read('users', 'id, user_id, plan')).toEqual([{ id: 'u1', user_id: 'u1', plan: 'pro' }]);
});

test('E-15, E-16, E-23: each track is a row of tracks without properties and one of its event’s table with them', async () => {
  const tracks = await read('tracks_view', 'id, event, event_text');
  expect(tracks.map(({ id }) => id)).toEqual(['ahead', 'in1970', 'in2106', 'o1', 'o2', 'o3', 't1', 't2']);
  expect(tracks).toContainEqual({ id: 't1', event: 'sign_up_step_1', event_text: 'Sign-up: Step 1!' });
  expect(tables.get('tracks')?.has('order_id')).toBe(false);
  expect(tables.get('tracks')?.get('context_device_type')).toBe('STRING');
  expect(await read('sign_up_step_1', 'id')).toEqual([{ id: 't1' }]);
  expect(await read('_users', 'id, kept')).toEqual([{ id: 't2', kept: '9007199254740993' }]);
});

test('E-17, E-18: pages, screens, groups and aliases each have their rows', async () => {
  expect(await read('pages', 'id, name, category, path, title')).toEqual([
    { id: 'p1', name: 'Home', category: 'Docs', path: '/', title: 'Home' },
  ]);
  expect(await read('screens', 'id, name, size')).toEqual([{ id: 's1', name: 'Start', size: 5.5 }]);
  expect(await read('groups', 'id, group_id, seats')).toEqual([{ id: 'g1', group_id: 'acme', seats: 7 }]);
  expect(await read('aliases', 'id, previous_id, user_id')).toEqual([{ id: 'a1', previous_id: 'anon', user_id: 'u1' }]);
});

test('E-19, E-21, E-28: every table has the standard columns, and no name needs quotes', async () => {
  const standard = {
    id: 'STRING',
    user_id: 'STRING',
    ...Object.fromEntries(
      ['received_at', 'sent_at', 'timestamp', 'uuid_ts', 'loaded_at'].map(name => [name, 'TIMESTAMP']),
    ),
    context_ip: 'STRING',
    context_user_agent: 'STRING',
    context_device_type: 'STRING',
  };
  const names = [
    '_users',
    'aliases',
    'groups',
    'identifies',
    'order_completed',
    'pages',
    'screens',
    'sign_up_step_1',
    'tracks',
    'users',
  ];
  expect([...tables.keys()].filter(name => !name.endsWith('_view')).sort()).toEqual(names);
  for (const [table, columns] of tables) {
    expect(Object.fromEntries(columns), table).toMatchObject(standard);
    if (!table.startsWith('users')) expect(columns.get('anonymous_id'), table).toBe('STRING');
    for (const name of [table, ...columns.keys()]) expect(name).toMatch(/^[a-z_][a-z0-9_]*$/);
  }
  const stamped = `loaded_at IS NOT NULL AND uuid_ts IS NOT NULL AND received_at <= loaded_at AND context_ip = '203.0.113.9'`;
  for (const table of names)
    expect((await read(table, 'id', stamped)).length, table).toBe((await read(table, 'id')).length);
});

test('E-20: timestamp is corrected for the client’s clock, and the client’s own time is kept, in 1970 and 2106 too', async () => {
  const seconds = 'TIMESTAMP_DIFF(received_at, timestamp, SECOND)';
  const own = `FORMAT_TIMESTAMP('%Y-%m-%dT%H:%M:%E6SZ', original_timestamp)`;
  const rows = await read(
    'order_completed_view',
    `id, ${seconds} AS behind, ${own} AS own`,
    `original_timestamp IS NOT NULL`,
  );
  expect(rows).toMatchObject([
    { id: 'ahead', behind: 2 },
    { id: 'in1970', behind: 2, own: '1970-01-01T00:00:00.000000Z' },
    { id: 'in2106', own: '2106-02-07T06:28:15.123456Z' },
  ]);
});

test('E-22, E-24, E-25: objects are flattened, lists are text, a null makes no column', async () => {
  const columns = tables.get('order_completed') ?? new Map<string, string>();
  expect(columns.get('nested_deep_er')).toBe('BOOL');
  expect(columns.get('list')).toBe('STRING');
  expect(columns.get('at')).toBe('TIMESTAMP');
  expect(columns.get('new_property')).toBe('STRING');
  expect(columns.has('empty')).toBe(false);
  expect(await read('order_completed_view', 'id, list, nested_deep_er', 'list IS NOT NULL')).toEqual([
    { id: 'o1', list: '[1,2]', nested_deep_er: true },
    { id: 'o2', list: 'text', nested_deep_er: false },
  ]);
});

test('E-07: 1, 1.5 and "x" are kept, and the column ends as STRING', async () => {
  expect(tables.get('order_completed')?.get('total')).toBe('STRING');
  expect(await read('order_completed', 'id, total', 'total IS NOT NULL')).toEqual([
    { id: 'o1', total: '1' },
    { id: 'o2', total: '1.5' },
    { id: 'o3', total: 'x' },
  ]);
});

test('E-26: a property named like a reserved column does not change it, and a message id that came again adds no row', async () => {
  expect(await read('order_completed', 'id', "id IN ('o1', 'mine')")).toEqual([{ id: 'o1' }]);
});
