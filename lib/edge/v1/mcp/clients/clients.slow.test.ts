/** The official MCP clients, unmodified, list and call every tool: on plain node:http, and by the path through Next's route. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { customerKey } from '@/dev/testing/data-plane';
import { mcpHttpClients } from '@/dev/testing/mcp/clients';
import { createMcpScene, type McpScene } from '@/dev/testing/mcp/scene';
import { type McpServing, mcpPlanes, serveMcp } from '@/dev/testing/mcp/serve';
import { mcpTools } from '@/lib/edge/v1/mcp/tools';
import { customerScopes } from '@/lib/kernel/permissions';

let scene: McpScene;
let key: string;
let servings: Record<string, McpServing> = {};
beforeAll(async () => {
  scene = await createMcpScene();
  const made = await customerKey(scene.world);
  key = made.text;
  await scene.askQuery(made);
  servings = Object.fromEntries(
    await Promise.all(mcpPlanes.map(async plane => [plane, await serveMcp(plane)] as const)),
  );
});
afterAll(() => Promise.all(Object.values(servings).map(serving => serving.close())));

const pairs = mcpPlanes.flatMap(plane => Object.keys(mcpHttpClients).map(client => [plane, client] as const));

describe.each(pairs)('%s, %s', (plane, name) => {
  const connect = (whose = key) =>
    mcpHttpClients[name]?.(servings[plane]?.url ?? '', whose) ?? Promise.reject(new Error(name));

  test('lists every tool that the key may use and calls each; the client finds every answer to be as its schema says', async () => {
    const client = await connect();
    expect(client.getServerVersion()?.name).toBe('tenantry');
    expect(client.getInstructions()).toMatch(/UTC/);
    const { tools } = await client.listTools();
    const allowed = mcpTools.filter(({ scope }) => customerScopes.includes(scope));
    expect(tools.map(tool => tool.name)).toEqual(allowed.map(tool => tool.name));
    for (const tool of tools) {
      expect(tool.outputSchema).toBeTruthy();
      const answer = await client.callTool({ name: tool.name, arguments: scene.argumentsOf(tool.name) });
      expect([tool.name, answer.isError ?? false, typeof answer.structuredContent]).toEqual([
        tool.name,
        false,
        'object',
      ]);
      // What is listed is shorter: the tool's own schema says more.
      const { output } = allowed.find(({ name: own }) => own === tool.name) ?? {};
      expect(output?.safeParse(answer.structuredContent).error, tool.name).toBeUndefined();
    }
    await client.close();
  });

  test('lists the resources and reads each', async () => {
    const client = await connect();
    const { resources } = await client.listResources();
    expect(resources.length).toBeGreaterThan(10);
    for (const { uri, name } of resources) {
      const { contents } = await client.readResource({ uri });
      expect(contents).toMatchObject([{ uri, text: expect.stringMatching(/^# /) }]);
      expect(name).toBeTruthy();
    }
    await client.close();
  });

  test('a wrong argument is an answer, an unknown tool an error', async () => {
    const client = await connect();
    await client.listTools();
    const wrong = await client.callTool({ name: 'failed_runs', arguments: { days: 1_000 } });
    expect([wrong.isError, JSON.stringify(wrong.content)]).toEqual([true, expect.stringContaining('days')]);
    await expect(client.callTool({ name: 'no_such_tool', arguments: {} })).rejects.toThrow(/no_such_tool/);
    await client.close();
  });

  test('a wrong key does not connect', async () => {
    await expect(connect('ty_live_nobody')).rejects.toThrow();
  });
});
