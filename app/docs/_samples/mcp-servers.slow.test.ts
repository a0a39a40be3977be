/** What the guide to the agent log tells a reader to copy is all that a server needs to log its calls, byte for byte. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { expect, onTestFinished, test } from 'vitest';
import { agentLog } from '@/app/docs/_content/guides/agent-log';
import { checkoutDir, nodeBinary } from '@/dev/stack/paths';
import { listen } from '@/dev/testing/agent-log/mcp-http';

/** The code of the guide's section about MCP servers, by its labels. */
function guideFiles(dataPlane: string): Map<string, string> {
  const { sections } = agentLog.content({ dataPlane, portal: dataPlane });
  const blocks = sections.find(({ id }) => id === 'mcp')?.blocks ?? [];
  return new Map(
    blocks.flatMap(block => (typeof block === 'object' && 'code' in block ? [[block.label, block.code]] : [])),
  );
}

/** A folder below the checkout, where the SDK is found, until the test ends. */
async function folderOf(files: Record<string, string | undefined>): Promise<string> {
  await mkdir(join(checkoutDir, '.local'), { recursive: true });
  const folder = await mkdtemp(join(checkoutDir, '.local/guide-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const [name, text = ''] of Object.entries(files)) await writeFile(join(folder, name), text);
  return folder;
}

test.each(['server.ts on 1.x', 'server.ts on 2.x'])('%s and the file beside it log a call', async label => {
  const sent: unknown[] = [];
  const door = await listen(async (request, response) => {
    expect([request.url, request.headers.authorization]).toEqual(['/v1/agent/events', 'Bearer key']);
    sent.push(...(JSON.parse(Buffer.concat(await request.toArray()).toString()) as unknown[]));
    response.end('{"refused":[]}');
  });
  onTestFinished(() => door.close());
  const files = guideFiles(door.url);
  const name = 'log-tool-calls.ts';
  const cwd = await folderOf({ [name]: files.get(name), 'server.ts': files.get(label) });
  const client = new Client({ name: 'agent', version: '1.0.0' });
  const env = { TENANTRY_KEY: 'key' };
  await client.connect(new StdioClientTransport({ command: nodeBinary(), args: ['server.ts'], cwd, env }));
  const answer = await client.callTool({ name: 'bq_list_tables', arguments: { dataset: 'shop' } });
  expect(answer).toMatchObject({ content: [{ text: 'shop.orders, shop.customers' }] });
  // A client ends a server that lingers; what waits is sent each second.
  await expect.poll(() => sent.length, { timeout: 20_000 }).toBe(2);
  await client.close();
  expect(sent).toMatchObject([
    { event_type: 'tool_start', user_id: 'agent', content: { dataset: 'shop' } },
    { event_type: 'tool_end', user_id: 'agent', metadata: { status: 'success', bytes_billed: 10_485_760 } },
  ]);
});
