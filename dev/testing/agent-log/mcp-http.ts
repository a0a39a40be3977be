/** Servers of both lines of the official MCP SDK over HTTP, which log their calls as docs/agent-log.md shows. */
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { createMcpHandler } from '@modelcontextprotocol/server';
import { mcpServers } from '@/dev/testing/agent-log/mcp-servers';
import { toolLog } from '@/lib/edge/v1/agent/clients/log-tool-calls';
import { newUuid } from '@/lib/platform/ids';

export type Door = { url: string; key: string };
export type Serving = { url: string; close: () => Promise<void> };

/** An HTTP server on this machine until it is closed. */
export async function listen(listener: RequestListener): Promise<Serving> {
  const server = createServer(listener);
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    },
  };
}

/** The line 1.x keeps a session for its client, and tells its id. */
export async function serveLine1(door: Door): Promise<Serving> {
  const log = toolLog(door);
  const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: newUuid });
  await log.watch(mcpServers['McpServer 1.x']()).connect(transport);
  const { url, close } = await listen((request, response) => void transport.handleRequest(request, response));
  return { url, close: () => Promise.all([close(), log.flush()]).then(() => {}) };
}

/** The line 2.x makes a server for each request; whose session it is, is told by who made it. */
export async function serveLine2(door: Door): Promise<Serving> {
  const log = toolLog(door);
  const sessionId = newUuid();
  const handler = createMcpHandler(() => log.watch(mcpServers['McpServer 2.x'](), { sessionId }));
  const { url, close } = await listen(async (incoming, outgoing) => {
    const { method = 'GET', headers, url: path = '/' } = incoming;
    const body = method === 'POST' ? Readable.toWeb(incoming) : null;
    const init = { method, headers: headers as Record<string, string>, body, duplex: 'half' };
    const answer = await handler.fetch(new Request(`http://127.0.0.1${path}`, init as RequestInit));
    outgoing.writeHead(answer.status, Object.fromEntries(answer.headers));
    outgoing.end(Buffer.from(await answer.arrayBuffer()));
  });
  return { url, close: () => Promise.all([close(), handler.close(), log.flush()]).then(() => {}) };
}
