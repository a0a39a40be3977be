/** The official MCP SDK for Python, as it is published, lists and calls every tool. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkoutDir } from '@/dev/stack/paths';
import { clientVenv } from '@/dev/stack/services/python-venv';
import { customerKey } from '@/dev/testing/data-plane';
import { createMcpScene, type McpScene } from '@/dev/testing/mcp/scene';
import { type McpServing, serveMcp } from '@/dev/testing/mcp/serve';
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
  key = (await customerKey(scene.world)).text;
}, 300_000);
afterAll(() => serving.close());

type Told = {
  tools: string[];
  answers: Record<string, { is_error: boolean; data: unknown; texts: string[] }>;
  resources: [uri: string, text: string][];
};

function ask(mode: string, calls: Record<string, object>): Promise<Told> {
  const child = spawn(python, [join(checkoutDir, folder, 'mcp-client.py'), serving.url, key, mode], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', part => {
    output += String(part);
  });
  child.stdin.end(JSON.stringify(calls));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', code => (code === 0 ? resolve(JSON.parse(output)) : reject(new Error(`it ended with ${code}`))));
  });
}

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
