/** The same server on each line of the official MCP SDK: a tool that works and says what it billed, and one that fails. */
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { McpServer as McpServer1 } from '@modelcontextprotocol/sdk/server/mcp.js';
import { CallToolRequestSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { McpServer as McpServer2 } from '@modelcontextprotocol/server';
import { z } from 'zod';

const identity = { name: 'warehouse', version: '1.0.0' };
const dataset = z.object({ dataset: z.string() });

const listTables = async ({ dataset: name }: z.infer<typeof dataset>) => ({
  content: [{ type: 'text' as const, text: `${name}.orders, ${name}.customers` }],
  _meta: { bytes_billed: 10_485_760 },
});
const query = async (): Promise<never> => {
  throw new Error('Not found: Table orders_2019');
};

const inLine1 = () => {
  const server = new McpServer1(identity);
  server.registerTool('bq_list_tables', { inputSchema: dataset }, listTables);
  server.registerTool('bq_query', { inputSchema: z.object({ sql: z.string() }) }, query);
  return server;
};

/** The class below McpServer, whose handlers are one's own. */
const inLine1ByHandlers = () => {
  const server = new Server(identity, { capabilities: { tools: {} } });
  const inputSchema = { type: 'object' as const };
  server.setRequestHandler(ListToolsRequestSchema, async () => ({
    tools: ['bq_list_tables', 'bq_query'].map(name => ({ name, inputSchema })),
  }));
  server.setRequestHandler(CallToolRequestSchema, async ({ params }) => {
    if (params.name === 'bq_list_tables') return listTables(dataset.parse(params.arguments));
    if (params.name === 'bq_query') return query();
    throw new Error(`Tool ${params.name} not found`);
  });
  return server;
};

const inLine2 = () => {
  const server = new McpServer2(identity);
  server.registerTool('bq_list_tables', { inputSchema: dataset }, listTables);
  server.registerTool('bq_query', { inputSchema: z.object({ sql: z.string() }) }, query);
  return server;
};

/** Makes a server of that line; a server has one connection, so each connection has one. */
export const mcpServers = { 'McpServer 1.x': inLine1, 'Server 1.x': inLine1ByHandlers, 'McpServer 2.x': inLine2 };
