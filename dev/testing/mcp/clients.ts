/** The official MCP clients of both lines, unmodified, over HTTP with a key: what each sees of a server. */
import { Client as Client2, StreamableHTTPClientTransport as Http2 } from '@modelcontextprotocol/client';
import { Client as Client1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as Http1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

const identity = { name: 'agent', version: '1.0.0' };

export type Called = { isError?: boolean | undefined; structuredContent?: unknown; content?: unknown };
/** What both lines of clients have, as far as it is used here. */
export type McpClient = {
  getServerVersion: () => { name: string } | undefined;
  getInstructions: () => string | undefined;
  listTools: () => Promise<{ tools: { name: string; outputSchema?: unknown }[] }>;
  callTool: (call: { name: string; arguments: Record<string, unknown> }) => Promise<Called>;
  listResources: () => Promise<{ resources: { uri: string; name: string }[] }>;
  readResource: (asked: { uri: string }) => Promise<{ contents: unknown[] }>;
  close: () => Promise<void>;
};

const headersOf = (key: string) => ({ requestInit: { headers: { authorization: `Bearer ${key}` } } });

async function line1(url: string, key: string): Promise<McpClient> {
  const client = new Client1(identity);
  await client.connect(new Http1(new URL(url), headersOf(key)));
  return client as unknown as McpClient;
}

const line2 =
  (mode: 'legacy' | 'auto') =>
  async (url: string, key: string): Promise<McpClient> => {
    const client = new Client2(identity, { versionNegotiation: { mode } });
    await client.connect(new Http2(new URL(url), headersOf(key)));
    return client as unknown as McpClient;
  };

/** Each connects; whoever calls closes. */
export const mcpHttpClients: Record<string, (url: string, key: string) => Promise<McpClient>> = {
  '@modelcontextprotocol/sdk 1.x': line1,
  '@modelcontextprotocol/client 2.x': line2('legacy'),
  '@modelcontextprotocol/client 2.x, the newest protocol': line2('auto'),
};
