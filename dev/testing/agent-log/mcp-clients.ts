/** The official MCP clients of both lines, unmodified: each calls a tool that works, one that fails and one that there is not. */
import { Client as Client2, StreamableHTTPClientTransport as Http2 } from '@modelcontextprotocol/client';
import { StdioClientTransport as Stdio2 } from '@modelcontextprotocol/client/stdio';
import { Client as Client1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as Stdio1 } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport as Http1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { checkoutDir, nodeBinary, tsxArguments } from '@/dev/stack/paths';

/** Where a server is: an address, or arguments of dev/testing/agent-log/mcp-stdio.ts. */
export type Place = { url: string } | { stdio: string[] };

const identity = { name: 'agent', version: '1.0.0' };
const processOf = (args: string[]) => ({
  command: nodeBinary(),
  args: [...tsxArguments('dev/testing/agent-log/mcp-stdio.ts'), ...args],
  cwd: checkoutDir,
});

type Caller = { callTool: (call: { name: string; arguments: Record<string, unknown> }) => Promise<unknown> };

/** What the client was answered, in the order of its calls; a refusal is its message. */
async function callAll(client: Caller): Promise<unknown[]> {
  const answers: unknown[] = [];
  const calls = [
    { name: 'bq_list_tables', arguments: { dataset: 'shop' } },
    { name: 'bq_query', arguments: { sql: 'SELECT 1' } },
    { name: 'no_such_tool', arguments: {} },
  ];
  for (const call of calls) answers.push(await client.callTool(call).catch((error: Error) => error.message));
  return answers;
}

async function callByLine1(place: Place): Promise<unknown[]> {
  const client = new Client1(identity);
  await client.connect('url' in place ? new Http1(new URL(place.url)) : new Stdio1(processOf(place.stdio)));
  return callAll(client).finally(() => client.close());
}

async function callByLine2(place: Place, mode: 'legacy' | 'auto'): Promise<unknown[]> {
  const client = new Client2(identity, { versionNegotiation: { mode } });
  await client.connect('url' in place ? new Http2(new URL(place.url)) : new Stdio2(processOf(place.stdio)));
  return callAll(client).finally(() => client.close());
}

/** Connects, makes the three calls and closes. */
export const mcpClients = {
  '1.x': callByLine1,
  '2.x': (place: Place) => callByLine2(place, 'legacy'),
  '2.x, the newest protocol': (place: Place) => callByLine2(place, 'auto'),
};
