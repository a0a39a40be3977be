/** The official MCP clients, unmodified, list and call every tool: on plain node:http, and by the path through Next's route. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DELETE, GET, POST } from '@/app/v1/[[...path]]/route';
import { customerKey } from '@/dev/testing/data-plane';
import { mcpHttpClients } from '@/dev/testing/mcp/clients';
import { createMcpScene, type McpScene } from '@/dev/testing/mcp/scene';
import { mcpTools } from '@/lib/edge/v1/mcp/tools';
import { listener } from '@/lib/edge/v1/node-server';
import { customerScopes } from '@/lib/kernel/permissions';

let scene: McpScene;
let key: string;
const servers: Server[] = [];
const urls: Record<string, string> = {};

/** Serves the handlers of Next's route as Next does: by Request and Response. */
const throughNext = createServer(async (incoming, outgoing) => {
  const handlers: Record<string, typeof POST> = { POST, GET, DELETE };
  const body = incoming.method === 'POST' ? Buffer.concat(await incoming.toArray()) : undefined;
  const headers = new Headers(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]));
  const request = new Request(`http://127.0.0.1${incoming.url}`, { method: incoming.method ?? 'GET', headers, body });
  const answer = await handlers[incoming.method ?? 'GET']?.(request);
  outgoing.writeHead(answer?.status ?? 500, Object.fromEntries(answer?.headers ?? []));
  outgoing.end(Buffer.from((await answer?.arrayBuffer()) ?? new ArrayBuffer(0)));
});

beforeAll(async () => {
  scene = await createMcpScene();
  key = (await customerKey(scene.world)).text;
  for (const [name, server] of Object.entries({
    'node:http': createServer(listener),
    'the route of Next': throughNext,
  })) {
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    urls[name] = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/mcp`;
    servers.push(server);
  }
});
afterAll(() => {
  for (const server of servers) server.closeAllConnections();
  return Promise.all(servers.map(server => new Promise(resolve => server.close(resolve))));
});

/** Arguments of tools that need some. */
const argumentsOf = (name: string): Record<string, unknown> =>
  ({ run: { pipeline_logging_id: scene.failedId } })[name] ?? {};

const pairs = ['node:http', 'the route of Next'].flatMap(server =>
  Object.keys(mcpHttpClients).map(client => [server, client] as const),
);

describe.each(pairs)('%s, %s', (server, name) => {
  const connect = (whose = key) => mcpHttpClients[name]?.(urls[server] ?? '', whose) ?? Promise.reject(new Error(name));

  test('lists every tool that the key may use and calls each; the client finds every answer to be as its schema says', async () => {
    const client = await connect();
    expect(client.getServerVersion()?.name).toBe('tenantry');
    expect(client.getInstructions()).toMatch(/UTC/);
    const { tools } = await client.listTools();
    const allowed = mcpTools.filter(({ scope }) => customerScopes.includes(scope));
    expect(tools.map(tool => tool.name)).toEqual(allowed.map(tool => tool.name));
    for (const tool of tools) {
      expect(tool.outputSchema).toBeTruthy();
      const answer = await client.callTool({ name: tool.name, arguments: argumentsOf(tool.name) });
      expect([tool.name, answer.isError ?? false, typeof answer.structuredContent]).toEqual([
        tool.name,
        false,
        'object',
      ]);
    }
    await client.close();
  });

  test('a wrong argument is an answer, an unknown tool an error', async () => {
    const client = await connect();
    await client.listTools();
    const wrong = await client.callTool({ name: 'failed_runs', arguments: { days: 1_000 } });
    expect([wrong.isError, JSON.stringify(wrong.content)]).toEqual([true, expect.stringContaining('days')]);
    await expect(client.callTool({ name: 'no_such_tool', arguments: {} })).rejects.toThrow(/no_such_tool/);
    await client.close();
  });

  test('a wrong key does not connect', async () => {
    await expect(connect('ty_live_nobody')).rejects.toThrow();
  });
});
