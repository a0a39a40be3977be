/** The MCP server at an address of its own, for clients: on plain node:http, or by the route that Next serves. */
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DELETE, GET, POST } from '@/app/v1/[[...path]]/route';
import { listener } from '@/lib/edge/v1/node-server';

export type McpServing = { url: string; close: () => Promise<void> };

const handlers = { DELETE, GET, POST };

/** Calls the handlers of the route as Next does: by Request and Response. */
const throughNext: RequestListener = async (incoming, outgoing) => {
  const method = (incoming.method ?? 'GET') as keyof typeof handlers;
  const body = method === 'POST' ? Buffer.concat(await incoming.toArray()) : undefined;
  const headers = new Headers(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]));
  const answer = await handlers[method](new Request(`http://127.0.0.1${incoming.url}`, { method, headers, body }));
  outgoing.writeHead(answer.status, Object.fromEntries(answer.headers));
  outgoing.end(Buffer.from(await answer.arrayBuffer()));
};

const planes: Record<string, RequestListener> = { 'node:http': listener, 'the route of Next': throughNext };
export const mcpPlanes = Object.keys(planes);

/** Serves one of mcpPlanes at a free port. */
export async function serveMcp(plane: string): Promise<McpServing> {
  const server = createServer(planes[plane]);
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/mcp`,
    close: async () => {
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    },
  };
}
