/** Servers on the official MCP SDK that log their calls by the sample of docs/agent-log.md, called by unmodified clients of both lines. */
import { readFileSync } from 'node:fs';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { mcpClients } from '@/dev/testing/agent-log/mcp-clients';
import { listen, type Serving, serveLine1, serveLine2 } from '@/dev/testing/agent-log/mcp-http';
import { mcpServers } from '@/dev/testing/agent-log/mcp-servers';
import { toolLog } from '@/lib/edge/v1/agent/clients/log-tool-calls';

type Sent = {
  event_id: string;
  session_id: string;
  user_id: string;
  event_type: string;
  metadata: { tool_name: string };
};

let door: Serving;
let status = 200;
let sent: Sent[] = [];
beforeEach(async () => {
  [status, sent] = [200, []];
  door = await listen(async (request, response) => {
    const body = Buffer.concat(await request.toArray()).toString();
    if (status === 200) sent.push(...(JSON.parse(body) as Sent[]));
    response.writeHead(status).end(status === 200 ? '{"refused":[]}' : '{"code":"slow_down"}');
  });
});
afterEach(() => door.close());
const key = 'key';

test('docs/agent-log.md shows the file that is tested here', () => {
  const file = readFileSync('lib/edge/v1/agent/clients/log-tool-calls.ts', 'utf8');
  expect(readFileSync('docs/agent-log.md', 'utf8')).toContain(`\`\`\`ts\n${file}\`\`\`\n`);
});

const servings = {
  'McpServer 1.x over stdio': null,
  'Server 1.x over stdio': null,
  'McpServer 2.x over stdio': null,
  'McpServer 1.x over HTTP': serveLine1,
  'McpServer 2.x over HTTP': serveLine2,
};
const pairs = Object.keys(mcpClients).flatMap(client =>
  Object.keys(servings).map(server => [client, server] as [keyof typeof mcpClients, keyof typeof servings]),
);
test.each(pairs)('client %s, %s: each call is a start and an end of one session', async (client, server) => {
  const serving = await servings[server]?.({ url: door.url, key });
  const stdio = [server.replace(' over stdio', ''), door.url, key];
  const answers = await mcpClients[client](serving ? { url: serving.url } : { stdio });
  await serving?.close();
  expect(answers).toMatchObject([
    { content: [{ text: 'shop.orders, shop.customers' }] },
    expect.anything(),
    expect.anything(),
  ]);
  const ends = (tool_name: string, end: object) => [
    { event_type: 'tool_start', metadata: { tool_name } },
    { event_type: 'tool_end', metadata: { tool_name, ...end } },
  ];
  const failure = (error_message: string) => ({
    status: 'failure',
    error_message: expect.stringContaining(error_message),
  });
  expect(sent).toMatchObject([
    ...ends('bq_list_tables', { status: 'success', bytes_billed: 10_485_760 }),
    ...ends('bq_query', failure('Not found: Table orders_2019')),
    ...ends('no_such_tool', failure('Tool no_such_tool not found')),
  ]);
  expect(new Set(sent.map(event => event.session_id)).size).toBe(1);
});

/** A client and a server in this process; the log waits for `flush`. */
async function together() {
  const log = toolLog({ url: door.url, key });
  const [ours, theirs] = InMemoryTransport.createLinkedPair();
  const client = new Client({ name: 'agent', version: '1.0.0' });
  const server = log.watch(mcpServers['McpServer 1.x'](), { sessionId: 'session-1', userId: 'ada@example.com' });
  await Promise.all([server.connect(theirs), client.connect(ours)]);
  const call = () => client.callTool({ name: 'bq_list_tables', arguments: { dataset: 'shop' } });
  return { log, call, close: () => client.close() };
}

test('a tool works while we are away, and what it did is sent once when we are back', async () => {
  const told = vi.spyOn(console, 'error').mockImplementation(() => {});
  const { log, call, close } = await together();
  for (const away of [503, 429]) {
    status = away;
    expect(await call()).toMatchObject({ content: [{ text: 'shop.orders, shop.customers' }] });
    await log.flush();
  }
  expect(told).toHaveBeenCalledTimes(2);
  expect(sent).toEqual([]);
  status = 200;
  await log.flush();
  expect(sent.map(event => event.event_type)).toEqual(['tool_start', 'tool_end', 'tool_start', 'tool_end']);
  expect(new Set(sent.map(event => event.event_id)).size).toBe(4);
  for (const event of sent) expect(event).toMatchObject({ session_id: 'session-1', user_id: 'ada@example.com' });
  await close();
  told.mockRestore();
});

test('a tool works where nobody answers at all', async () => {
  const told = vi.spyOn(console, 'error').mockImplementation(() => {});
  const { log, call, close } = await together();
  await door.close();
  expect(await call()).toMatchObject({ content: [{ text: 'shop.orders, shop.customers' }] });
  await log.flush();
  expect(told).toHaveBeenCalledWith('agent log:', 'no answer', '');
  await close();
  told.mockRestore();
});

test('many calls are sent in batches, none twice', async () => {
  const { log, call, close } = await together();
  await Promise.all(Array.from({ length: 200 }, call));
  await Promise.all([log.flush(), log.flush()]);
  expect(new Set(sent.map(event => event.event_id)).size).toBe(400);
  expect(sent.length).toBe(400);
  await close();
});
