/** The MCP server of one request: the tools and resources that its key may use. */
import { type ListToolsResult, ProtocolError, ProtocolErrorCode, Server } from '@modelcontextprotocol/server';
import type { McpTool, ToolCaller } from '@/lib/edge/v1/mcp/define-tool';
import { serveResources } from '@/lib/edge/v1/mcp/resources';
import { callTool } from '@/lib/edge/v1/mcp/tool-answer';
import { schemaOf } from '@/lib/edge/v1/mcp/tool-schema';
import { mcpTools } from '@/lib/edge/v1/mcp/tools';
import { may } from '@/lib/kernel/ctx';

const info = { name: 'tenantry', title: 'Tenantry', version: '1.0.0' };

const instructions = [
  'Tenantry runs data pipelines and keeps what they and AI agents did. These tools read the data of one organization and change nothing.',
  'Days are UTC. Amounts of money are US dollars; "at least" means that some requests have no known price.',
  'For what failed ask failed_runs, then run with the id of one. A tool that is not listed needs a scope that this key has not got.',
].join('\n');
const ofQueries = [
  'For what no tool answers write SQL: first describe_tables, which without arguments lists the tables, then describe_tables with the name of each that you need for its columns, then run_query with one SELECT of GoogleSQL.',
  'A query bills bytes: name the columns that you need, filter by the partition column of each table, and never ask for all columns. LIMIT does not make it cheaper. One over its cap is refused before it bills anything.',
  'It answers the first rows; query_rows reads on in the same result, and bills nothing.',
  'The resources tenantry://tables and tenantry://tables/{name} describe the same tables.',
].join('\n');

const listed = new WeakMap<McpTool, ListToolsResult['tools'][number]>();

/** The tool as lists name it; made once, as schemas do not change. */
export function listedTool(tool: McpTool): ListToolsResult['tools'][number] {
  const known = listed.get(tool);
  if (known) return known;
  const { name, title, description } = tool;
  const made = {
    ...{ name, title, description },
    inputSchema: schemaOf(tool.input, 'input'),
    outputSchema: schemaOf(tool.output, 'output'),
    annotations: {
      title,
      readOnlyHint: true,
      destructiveHint: false,
      idempotentHint: !tool.costs,
      openWorldHint: false,
    },
  };
  listed.set(tool, made);
  return made;
}

/** A server that answers one request, whichever version of the protocol it is of. */
export function mcpServer(caller: ToolCaller): Server {
  const mayQuery = may(caller.ctx, 'desk:query');
  const capabilities = mayQuery ? { tools: {}, resources: {} } : { tools: {} };
  const server = new Server(info, {
    instructions: mayQuery ? `${instructions}\n${ofQueries}` : instructions,
    capabilities,
  });
  if (mayQuery) serveResources(server, caller.ctx);
  server.setRequestHandler('tools/list', () => ({
    tools: mcpTools.filter(tool => may(caller.ctx, tool.scope)).map(listedTool),
  }));
  server.setRequestHandler('tools/call', ({ params }) => {
    const tool = mcpTools.find(({ name }) => name === params.name);
    if (tool) return callTool(tool, caller, params);
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, `Tool ${params.name.slice(0, 100)} not found`);
  });
  return server;
}
