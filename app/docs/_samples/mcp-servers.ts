/** Servers of the Model Context Protocol that log their calls, whole, as a reader runs them. A slow test runs them so. */
import { environment } from '@/app/docs/_samples/typescript';

/** What the file of the log is saved as, beside the server's. */
export const toolLogName = 'log-tool-calls.ts';

const packages = {
  line1: '@modelcontextprotocol/sdk',
  line2: '@modelcontextprotocol/server',
  schemas: 'zod',
  log: `./${toolLogName}`,
};

const tool = `server.registerTool('bq_list_tables', { inputSchema: z.object({ dataset: z.string() }) }, async ({ dataset }) => ({
  content: [{ type: 'text', text: \`\${dataset}.orders, \${dataset}.customers\` }],
  _meta: { bytes_billed: 10_485_760 },
}));`;
const indented = (code: string): string => code.replaceAll(/^/gm, '  ');
const logOf = (address: string): string =>
  `const log = toolLog({ url: '${address}', key: ${environment('TENANTRY_KEY')} ?? '' });`;

/** On the SDK's line 1.x, over stdin and stdout. */
export const mcpServerLine1 = (address: string): string => `import { McpServer } from '${packages.line1}/server/mcp.js';
import { StdioServerTransport } from '${packages.line1}/server/stdio.js';
import { z } from '${packages.schemas}';
import { toolLog } from '${packages.log}';

${logOf(address)}
const server = new McpServer({ name: 'warehouse', version: '1.0.0' });
${tool}
await log.watch(server).connect(new StdioServerTransport());`;

/** On the SDK's line 2.x, over stdin and stdout. */
export const mcpServerLine2 = (address: string): string => `import { McpServer } from '${packages.line2}';
import { serveStdio } from '${packages.line2}/stdio';
import { z } from '${packages.schemas}';
import { toolLog } from '${packages.log}';

${logOf(address)}
function createServer() {
  const server = new McpServer({ name: 'warehouse', version: '1.0.0' });
${indented(tool)}
  return server;
}
serveStdio(() => log.watch(createServer()));`;
