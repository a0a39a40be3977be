/** The MCP server: how agents are connected to it, and what they may ask. */
import type { Addresses, DocsPage, PageEntry } from '@/app/docs/_content/types';
import type { SampleValue } from '@/app/docs/_samples/made';
import { requestSample } from '@/app/docs/_samples/request';
import { mcpTools } from '@/lib/edge/v1/mcp/tools';

const json = (value: object): string => JSON.stringify(value, null, 2);
const header = 'Bearer ty_live_…';

/** Settings of clients as their makers document them; they differ in names alone. */
const settings = {
  claudeCode: (url: string) =>
    `claude mcp add --transport http tenantry ${url} --header "Authorization: Bearer $TENANTRY_KEY"`,
  claudeDesktop: (url: string) =>
    json({
      mcpServers: {
        tenantry: {
          command: 'npx',
          // Without a space in the argument, which Claude Desktop takes apart on Windows.
          args: ['-y', 'mcp-remote', url, '--header', 'Authorization:$' + '{TENANTRY_AUTHORIZATION}'],
          env: { TENANTRY_AUTHORIZATION: header },
        },
      },
    }),
  cursor: (url: string) => json({ mcpServers: { tenantry: { url, headers: { Authorization: header } } } }),
  vsCode: (url: string) =>
    json({
      servers: {
        tenantry: { type: 'http', url, headers: { Authorization: 'Bearer $' + '{input:tenantry-key}' } },
      },
      inputs: [{ type: 'promptString', id: 'tenantry-key', description: 'Key of Tenantry', password: true }],
    }),
};

const content = ({ dataPlane: address }: Addresses): DocsPage => {
  const url = `${address}/v1/mcp`;
  const request = (method: string, params: Record<string, SampleValue>) => ({
    method: 'POST' as const,
    address,
    path: ['/v1/mcp'],
    auth: 'key' as const,
    body: { jsonrpc: '2.0', id: 1, method, params },
  });
  return {
    slug: 'mcp',
    title: 'MCP server',
    lead: 'Agents ask what failed, what it cost, what is left of the plan, and your own data by SQL, by the Model Context Protocol.',
    sections: [
      {
        id: 'connect',
        title: 'Connecting an agent',
        blocks: [
          `The address is \`${url}\`, the transport streamable HTTP. The agent sends a key of the page API keys as \`Authorization: Bearer\`. Make it one of its own, with the scopes of the tools that it is to have and no others, and let it expire.`,
          { code: settings.claudeCode(url), language: 'bash', label: 'the command for Claude Code' },
          'Claude Desktop, in `claude_desktop_config.json`, by the bridge `mcp-remote`, as its own connectors take no key:',
          { code: settings.claudeDesktop(url), language: 'json', label: 'the settings for Claude Desktop' },
          'Cursor, in `~/.cursor/mcp.json` or `.cursor/mcp.json` of a project:',
          { code: settings.cursor(url), language: 'json', label: 'the settings for Cursor' },
          'VS Code, in `.vscode/mcp.json`, which asks for the key and keeps it:',
          { code: settings.vsCode(url), language: 'json', label: 'the settings for VS Code' },
          'Keep a key out of a file that is committed.',
          { tryIt: 'Make a key', href: '/keys' },
        ],
      },
      {
        id: 'by-hand',
        title: 'By hand',
        blocks: [
          'A message is one request; there is no session to open first.',
          { sample: requestSample('mcp-list', 'List the tools of a key', request('tools/list', {})) },
          {
            sample: requestSample(
              'mcp-call',
              'Call a tool',
              request('tools/call', { name: 'failed_runs', arguments: { days: 7 } }),
            ),
          },
          'The answer has `structuredContent`, as the tool’s schema says, and the same as text. Both versions of the protocol are spoken: that of 2026-07-28, and those before it, whose clients shake hands by `initialize`.',
        ],
      },
      {
        id: 'tools',
        title: 'Tools',
        blocks: [
          'All of them read, and none changes anything. A tool whose scope the key has not got is not listed.',
          {
            caption: 'Tools, and the scope that each needs',
            head: ['Tool', 'What it answers', 'Scope'],
            rows: mcpTools.map(({ name, description, scope }) => [`\`${name}\``, description, `\`${scope}\``]),
          },
          'A key with `desk:query` also has resources: `tenantry://tables` lists the tables that queries may name, and `tenantry://tables/{name}` describes the columns of one.',
        ],
      },
      {
        id: 'queries',
        title: 'Queries',
        blocks: [
          'An agent with `desk:query` writes SQL over your own tables and no others. A query is priced before it runs, refused above its cap before anything is billed, and counts against the day’s budget of bytes. What it asked, and what that billed, is in the query history and in the agent log as a call of the tool `run_query`.',
          'An answer has the first 100 rows. `query_rows` reads on in the same result for 24 hours and bills nothing; the `note` of each answer names the offset to go on with.',
          { tryIt: 'Open the query desk', href: '/desk' },
        ],
      },
      {
        id: 'limits',
        title: 'Limits and errors',
        blocks: [
          {
            list: [
              'Each call of a tool, and each list or read of resources, is an API call of the month; shaking hands and listing tools are none. Requests a second are limited by the key’s tier, as for any call.',
              'A wrong argument, a scope that lacks, an id that is not there: an answer with `isError`, whose text says what is wrong and whose second text is the [problem document](/docs/errors).',
              'A key that is missing or not valid is `401`, a service key and a page of another site `403`, `GET` and `DELETE` `405`, a body over 256 kB `413`, too much at once `429` with `Retry-After`.',
              'An answer has at most 200 kB. What was cut is said in its `note`.',
            ],
          },
          'To log what the tools of your own MCP servers do, see [the agent log](/docs/agent-log#mcp).',
        ],
      },
    ],
  };
};

export const mcp: PageEntry = { slug: 'mcp', title: 'MCP server', content };
