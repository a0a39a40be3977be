/** A server over stdin and stdout that logs its calls as docs/agent-log.md shows: <which of mcp-servers.ts> <address of the data plane> <key>. */
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { mcpServers } from '@/dev/testing/agent-log/mcp-servers';
import { toolLog } from '@/lib/edge/v1/agent/clients/log-tool-calls';

const [which, url = '', key = ''] = process.argv.slice(2);
const log = toolLog({ url, key });
if (which === 'McpServer 2.x') serveStdio(() => log.watch(mcpServers[which]()));
else await log.watch(mcpServers[which as 'McpServer 1.x' | 'Server 1.x']()).connect(new StdioServerTransport());
