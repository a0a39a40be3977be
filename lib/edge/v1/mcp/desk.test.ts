/** The desk by MCP: tables as a tool and as resources, and queries with what they bill, on record as an agent's. */
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { keptAgentLog } from '@/dev/testing/agent-log/kept';
import { customerKey, transports } from '@/dev/testing/data-plane';
import { insertSource, insertTable } from '@/dev/testing/events/sources';
import { type McpDoor, mcpDoor, rpc } from '@/dev/testing/mcp/calls';
import { createMcpScene, type McpScene } from '@/dev/testing/mcp/scene';
import { createWorld } from '@/dev/testing/world';
import { eventTableName } from '@/lib/domains/desk/catalog/event-tables';
import { fixedTables } from '@/lib/domains/desk/catalog/fixed-tables';
import { leastBytes, tableGroups } from '@/lib/domains/desk/rules';
import { deskQueries } from '@/lib/domains/desk/tables';
import { customerScopes } from '@/lib/kernel/permissions';
import { db } from '@/lib/platform/db';

let door: McpDoor;
let scene: McpScene;
let [key, narrow, copied, orders] = ['', '', '', ''];
beforeAll(async () => {
  const [transport] = transports;
  if (!transport) throw new Error('the data plane has no transport');
  [door, scene] = await Promise.all([mcpDoor(transport), createMcpScene()]);
  const source = await insertSource(scene.world, { sourceName: 'shop' });
  await insertTable(source, 'order_completed', { id: 'STRING', total: 'FLOAT64' });
  await insertTable(source, 'page_viewed', { id: 'STRING', only_of_pages: 'STRING' });
  orders = eventTableName(source.dataset, 'order_completed');
  key = (await customerKey(scene.world)).text;
  copied = (await customerKey(scene.copied)).text;
  const others = customerScopes.filter(scope => scope !== 'desk:query');
  narrow = (await customerKey(scene.world, others)).text;
});
afterAll(() => door.close());

type Table = {
  name: string;
  group: string;
  partition_column: string | null;
  column_count: number;
  columns: { name: string }[];
};
const tables = async (args: object, whose = key) =>
  (await door.call('describe_tables', args, whose)).data.tables as Table[];

describe('describe_tables', () => {
  test('all tables are those of every organization and of its own event sources', async () => {
    const names = (await tables({})).map(({ name }) => name);
    for (const { table } of fixedTables()) expect(names).toContain(table.name);
    const ofEvents = names.filter(name => name.startsWith('events_'));
    expect(ofEvents).toEqual([orders, expect.stringContaining('page_viewed')]);
    expect((await tables({}, copied)).map(({ name }) => name).filter(name => name.startsWith('events_'))).toEqual([]);
  });

  test('a list of all is short: it counts columns, and says how to ask for them', async () => {
    const { data, texts } = await door.call('describe_tables', {}, key);
    const listed = data.tables as Table[];
    const [runs] = await tables({ name: 'pipeline_runs' });
    expect(listed.find(({ name }) => name === 'pipeline_runs')).toEqual({ ...runs, columns: [] });
    expect(listed.every(({ columns, column_count }) => columns.length === 0 && column_count > 0)).toBe(true);
    expect(runs?.column_count).toBe(runs?.columns.length);
    expect(texts[0]).toMatch(/^\d+ tables: dq_results, pipeline_runs, /);
    expect(data).toMatchObject({ more_tables: [], note: expect.stringContaining('by the name of a table, a group') });
    expect(Buffer.byteLength(texts.join(''))).toBeLessThan(15_000);
  });

  test('by a part of the names of columns the tables that have one, with those columns', async () => {
    const [only, ...others] = await tables({ column: 'Only_Of' });
    expect([only?.name, only?.columns, others]).toEqual([
      expect.stringContaining('page_viewed'),
      [expect.objectContaining({ name: 'only_of_pages' })],
      [],
    ]);
    expect(only?.column_count).toBe(2);
    expect(await tables({ name: 'pipeline_runs', column: 'only_of' })).toEqual([]);
  });

  test('of many wide tables each is named, and one that is asked for has its columns', async () => {
    const world = await createWorld();
    const source = await insertSource(world, { sourceName: 'many' });
    const columns = Object.fromEntries(
      Array.from({ length: 38 }, (_, column) => [`a_column_of_the_table_with_a_name_${column}`, 'STRING' as const]),
    );
    const many = Array.from({ length: 50 }, (_, index) => `happened_${index}`);
    for (const name of many) await insertTable(source, name, columns);
    const whose = (await customerKey(world)).text;
    const names = many.map(name => eventTableName(source.dataset, name)).toSorted();
    const { data, texts } = await door.call('describe_tables', { group: 'events' }, whose);
    const told = data.tables as Table[];
    expect(told.map(({ name }) => name)).toEqual(names);
    expect(told.some(table => table.columns.length === 38)).toBe(true);
    expect(told.every(({ column_count }) => column_count === 38)).toBe(true);
    expect(data.note).toMatch(/^Columns of \d+ tables are left out\. Ask for them by the name/);
    expect(Buffer.byteLength(texts.join(''))).toBeLessThan(200_000);
    expect((await tables({ name: names[49] }, whose))[0]?.columns).toHaveLength(38);
  });

  test.each(tableGroups)('the group %s', async group => {
    const found = await tables({ group });
    expect(found.length).toBeGreaterThan(0);
    expect(new Set(found.map(table => table.group))).toEqual(new Set([group]));
  });

  test('by a whole name one table, by a part those that have it, by another none', async () => {
    const [runs, ...more] = await tables({ name: 'pipeline_runs' });
    expect(more).toEqual([]);
    expect(runs).toMatchObject({ name: 'pipeline_runs', partition_column: 'start_time', needs_filter: false });
    expect(await tables({ name: 'step_logs' })).toMatchObject([{ partition_column: 'start_time', needs_filter: true }]);
    expect(runs?.columns.map(({ name }) => name)).toContain('pipeline_id');
    expect((await tables({ name: 'Session' })).map(({ name }) => name)).toEqual(
      expect.arrayContaining(['sessions', 'session_details']),
    );
    const none = await door.call('describe_tables', { name: 'nobody' }, key);
    expect([none.data.tables, none.texts[0]]).toEqual([[], expect.stringContaining('pipeline_runs')]);
  });
});

describe('resources', () => {
  const read = async (uri: string) => (await door.ask('resources/read', { uri }, key)).contents as { text: string }[];

  test('the index and each table are listed and read', async () => {
    const { resources } = (await door.ask('resources/list', {}, key)) as { resources: { uri: string; name: string }[] };
    const names = (await tables({})).map(({ name }) => name);
    expect(resources.map(({ uri }) => uri)).toEqual([
      'tenantry://tables',
      ...names.map(name => `tenantry://tables/${name}`),
    ]);
    const [index] = await read('tenantry://tables');
    for (const name of names) expect(index?.text).toContain(`\`${name}\``);
    const [runs] = await read('tenantry://tables/pipeline_runs');
    expect(runs?.text).toMatch(/^# pipeline_runs\n/);
    expect(runs?.text).toContain('| `pipeline_id` | STRING |');
    const { resourceTemplates } = await door.ask('resources/templates/list', {}, key);
    expect(resourceTemplates).toMatchObject([{ uriTemplate: 'tenantry://tables/{name}' }]);
  });

  test.each([
    'tenantry://tables/nobody',
    'tenantry://tables/',
    'file:///etc/passwd',
    'tenantry://tables/../x',
    'tenantry://tables/Commits',
    'commits',
    'x'.repeat(9_000),
  ])('no resource %s', async uri => {
    const { status, json, text } = await door.send(rpc('resources/read', { uri }), key);
    expect([status, typeof (json.error as { code: number }).code, text.length < 2_000]).toEqual([200, 'number', true]);
  });

  test('a key without desk:query has none, and is told of none', async () => {
    for (const [method, params] of [
      ['resources/list', {}],
      ['resources/read', { uri: 'tenantry://tables' }],
    ] as const) {
      const { json } = await door.send(rpc(method, params), narrow);
      expect((json.error as { code: number }).code).toBe(-32_601);
    }
    const capabilities = async (whose: string) => {
      const clientInfo = { name: 'test', version: '1' };
      const params = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo };
      return (await door.ask('initialize', params, whose)).capabilities;
    };
    expect(await capabilities(narrow)).toEqual({ tools: {} });
    expect(await capabilities(key)).toEqual({ tools: {}, resources: {} });
  });
});

describe('run_query', () => {
  const run = (args: object, whose = key, meta?: object) => door.call('run_query', args, whose, meta);
  const kept = async (queryId: unknown) =>
    (
      await db()
        .select()
        .from(deskQueries)
        .where(eq(deskQueries.queryId, String(queryId)))
    )[0];

  test('rows, columns, and what it billed; it is on record as an agent’s', async () => {
    const { data, texts, isError } = await run({ sql: 'SELECT pipeline_id, status FROM pipeline_runs' });
    expect(isError, texts.join('\n')).toBe(false);
    expect(data).toMatchObject({
      columns: [
        { name: 'pipeline_id', type: 'STRING', repeated: false },
        { name: 'status', type: 'STRING', repeated: false },
      ],
      rows: [{ pipeline_id: 'daily_costs', status: 'FAILED' }],
      row_count: 1,
      total_rows: 1,
      tables: ['pipeline_runs'],
      estimated_bytes: leastBytes,
      bytes_billed: leastBytes,
      sql: expect.stringMatching(/LIMIT 1000$/),
      note: null,
    });
    expect(texts[0]).toBe('1 row of pipeline_runs; 10,485,760 bytes billed.');
    expect(await kept(data.query_id)).toMatchObject({
      customerId: scene.world.customerId,
      askedVia: 'mcp',
      bytesBilled: leastBytes,
    });
  });

  test('it is a tool execution of the session that the client names', async () => {
    const sql = 'SELECT 1 AS one';
    const ids = [(await run({ sql }, key, { session_id: 'chat-7' })).data.query_id, (await run({ sql })).data.query_id];
    const message = rpc('tools/call', { name: 'run_query', arguments: { sql } });
    const named = await door.send(message, key, { headers: { 'mcp-session-id': 'session-of-header' } });
    ids.push((named.json.result as { structuredContent: { query_id: string } }).structuredContent.query_id);
    const { rows } = await keptAgentLog(scene.world.customerId);
    const sessionOf = (id: unknown) =>
      rows.filter(row => JSON.stringify(row.metadata ?? '').includes(String(id))).map(row => row.session_id);
    expect(ids.map(sessionOf)).toEqual([
      ['chat-7', 'chat-7'],
      Array(2).fill(expect.stringMatching(/^desk-/)),
      ['session-of-header', 'session-of-header'],
    ]);
  });

  test('what a query without tables answers names none', async () => {
    expect((await run({ sql: 'SELECT 1 AS one' })).texts[0]).toBe('1 row; 0 bytes billed.');
  });

  test('a blank session is none: the query is on record under the one of key and day', async () => {
    const { query_id } = (await run({ sql: 'SELECT 2 AS two' }, key, { session_id: '  ' })).data;
    const { rows } = await keptAgentLog(scene.world.customerId);
    const own = rows.filter(row => JSON.stringify(row.metadata ?? '').includes(String(query_id)));
    expect(own.map(row => row.session_id)).toEqual(Array(2).fill(expect.stringMatching(/^desk-/)));
  });

  test('of a long result the first 100 rows, and how to read on', async () => {
    const { data, texts } = await run({
      sql: 'SELECT x FROM UNNEST(GENERATE_ARRAY(1, 250)) AS x ORDER BY x',
      limit: 200,
    });
    expect([(data.rows as object[]).length, data.row_count]).toEqual([100, 200]);
    expect(data.note).toBe('Rows 1 to 100 of 200: query_rows with offset 100 reads on, and bills nothing.');
    expect(texts[0]).toContain(data.note);
  });

  const refused: [sql: string, layer: string][] = [
    ['SELECT 1;\nDROP TABLE pipeline_runs', 'text'],
    ['SELECT * FROM `tenantry-local.customers.customers`', 'text'],
    ['SELECT\n  nothing_here FROM pipeline_runs', 'analyzer'],
  ];
  test.each(refused)('%s: an answer with reason and place', async (sql, layer) => {
    const { isError, problem, texts } = await run({ sql });
    expect([isError, problem.code, problem.layer]).toEqual([true, 'query_refused', layer]);
    expect(problem.reason).toEqual(expect.any(String));
    expect(problem).toHaveProperty('line');
    expect(problem).toHaveProperty('column');
    if (typeof problem.line === 'number')
      expect(texts[0]).toContain(`(line ${problem.line}, column ${problem.column})`);
  });

  test('above its own cap it is refused, with what it would bill, and nothing runs', async () => {
    const sql =
      'SELECT r.status FROM pipeline_runs AS r JOIN step_logs AS s ON s.pipeline_logging_id = r.pipeline_logging_id';
    const { isError, problem } = await run({ sql, max_bytes_billed: leastBytes });
    expect([isError, problem.code]).toEqual([true, 'query_over_cap']);
    expect(problem).toMatchObject({ cap_bytes: leastBytes, estimated_bytes: 2 * leastBytes });
  });

  const wrong: [args: object, path: string][] = [
    [{}, 'sql'],
    [{ sql: '' }, 'sql'],
    [{ sql: 7 }, 'sql'],
    [{ sql: 'x'.repeat(40_000) }, 'sql'],
    [{ sql: 'SELECT 1', limit: 0 }, 'limit'],
    [{ sql: 'SELECT 1', max_bytes_billed: 1 }, 'max_bytes_billed'],
    [{ sql: 'SELECT 1', dataset: 'x' }, 'dataset'],
  ];
  test.each(wrong)('%j: an answer that names %s', async (args, path) => {
    const { isError, problem } = await run(args);
    expect([isError, problem.code, problem.errors?.[0]?.path]).toEqual([true, 'invalid_input', path]);
  });
});
