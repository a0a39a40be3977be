/** The official MCP SDK for Python, as it is published, lists and calls every tool. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clientVenv } from '@/dev/stack/services/python-venv';
import { customerKey } from '@/dev/testing/data-plane';
import { createMcpScene, type McpScene } from '@/dev/testing/mcp/scene';
import { type McpServing, serveMcp } from '@/dev/testing/mcp/serve';
import { askScript } from '@/dev/testing/python/ask-script';
import { mcpTools } from '@/lib/edge/v1/mcp/tools';
import { customerScopes } from '@/lib/kernel/permissions';

const folder = 'lib/edge/v1/mcp/clients';
let python: string;
let serving: McpServing;
let scene: McpScene;
let key: string;
beforeAll(async () => {
  python = await clientVenv('mcp', `${folder}/mcp-requirements.txt`);
  serving = await serveMcp('node:http');
  scene = await createMcpScene();
  const made = await customerKey(scene.world);
  key = made.text;
  await scene.askQuery(made);
}, 300_000);
afterAll(() => serving.close());

type Told = {
  tools: string[];
  answers: Record<string, { is_error: boolean; data: unknown; texts: string[] }>;
  resources: [uri: string, text: string][];
};

const ask = (mode: string, calls: Record<string, object>) =>
  askScript<Told>(python, `${folder}/mcp-client.py`, [serving.url, key, mode], calls);

test.each(['legacy', 'auto'])('negotiating by %s: every tool answers as its schema says', async mode => {
  const names = mcpTools.filter(({ scope }) => customerScopes.includes(scope)).map(({ name }) => name);
  const told = await ask(mode, Object.fromEntries(names.map(name => [name, scene.argumentsOf(name)])));
  expect(told.tools).toEqual(names);
  for (const name of names)
    expect([name, told.answers[name]?.is_error, told.answers[name]?.texts[0]]).toEqual([
      name,
      false,
      expect.any(String),
    ]);
});

test('resources are listed and read', async () => {
  const { resources } = await ask('auto', {});
  expect(resources.length).toBeGreaterThan(10);
  for (const [uri, text] of resources)
    expect([uri, text]).toEqual([expect.stringMatching(/^tenantry:/), expect.stringMatching(/^# /)]);
});

test('a wrong argument is an answer', async () => {
  const { answers } = await ask('auto', { failed_runs: { days: 1_000 } });
  expect([answers.failed_runs?.is_error, answers.failed_runs?.texts[0]]).toEqual([
    true,
    expect.stringContaining('days'),
  ]);
});
