/** Agents under the OpenTelemetry instrumentation of others, as it is published, seen as sessions in BigQuery. */
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { clientPackages } from '@/dev/stack/services/node-client';
import { clientVenv } from '@/dev/stack/services/python-venv';
import { type AgentScene, openAgentScene } from '@/dev/testing/agent-log/agent-scene';
import type { Serving } from '@/dev/testing/agent-log/mcp-http';
import { serveModel } from '@/dev/testing/agent-log/model-double';
import { runClient } from '@/dev/testing/traces/client-scene';

const folder = 'lib/edge/v1/agent/clients';
let aiSdk: string;
let python: string;
beforeAll(async () => {
  aiSdk = await clientPackages('ai-sdk', `${folder}/ai-sdk`);
  python = await clientVenv('openai-agents', `${folder}/openai-agents-requirements.txt`);
}, 300_000);

let scene: AgentScene;
let model: Serving;
beforeEach(async () => {
  scene = await openAgentScene();
  model = await serveModel();
});
afterEach(async () => {
  await model.close();
  await scene.close();
});

const events = () =>
  scene.rows(
    'SELECT session_id, user_id, event_type, metadata, content FROM agent.chat_events ORDER BY event_timestamp',
  );
const executions = () =>
  scene.rows(
    'SELECT tool_name, status, error_message, start_time, duration_ms FROM agent.tool_executions ORDER BY tool_name',
  );
const typesOf = (found: Record<string, unknown>[]) => found.map(({ event_type }) => event_type).sort();
/** Two calls of tools and two requests to a model, then one that is refused. */
const said = ['error', ...Array(3).fill('message_sent'), ...Array(2).fill('tool_end'), ...Array(2).fill('tool_start')];

test("Vercel's AI SDK: tools and models of a conversation, without what was said", async () => {
  const args = [aiSdk, `${model.url}/v1`, `${scene.url}/v1/traces`, scene.key];
  const printed = JSON.parse(await runClient(process.execPath, `${folder}/ai-sdk/agent.cjs`, args));
  expect(printed).toEqual({ text: 'There are two tables.', refused: 'The key is not valid.' });
  await scene.settle();
  const found = await events();
  expect(typesOf(found)).toEqual(said);
  for (const event of found)
    expect(event).toMatchObject({ session_id: 'conversation-1', user_id: 'ada@example.com', content: null });
  expect(await scene.sessions()).toMatchObject([
    { session_id: 'conversation-1', events: 8, messages: 3, errors: 1, tool_calls: 2, failures: 1, tokens: 240 },
  ]);
  const requests = found.filter(({ event_type }) => event_type === 'message_sent').map(({ metadata }) => metadata);
  expect(requests).toMatchObject([{ tokens_in: 100, tokens_out: 20 }, { tokens_in: 100, tokens_out: 20 }, {}]);
  expect(await executions()).toMatchObject([
    { tool_name: 'bq_list_tables', status: 'success', error_message: null },
    { tool_name: 'bq_query', status: 'failure', error_message: 'Not found: Table orders_2019' },
  ]);
});

test("OpenAI's Agents SDK under OpenLLMetry: each run is a session of its service", async () => {
  const args = [`${model.url}/v1`, `${scene.url}/v1/traces`, scene.key];
  const printed = JSON.parse(await runClient(python, `${folder}/openai-agents-client.py`, args));
  expect(printed).toEqual({ text: 'There are two tables.', refused: 'AuthenticationError' });
  await scene.settle();
  const found = await events();
  expect(typesOf(found)).toEqual(said);
  expect(await scene.sessions()).toMatchObject([
    { messages: 1, errors: 1, tool_calls: 0 },
    { messages: 2, errors: 0, tool_calls: 2, failures: 1 },
  ]);
  expect(new Set(found.map(({ user_id }) => user_id))).toEqual(new Set(['analyst']));
  expect(await executions()).toMatchObject([
    { tool_name: 'bq_list_tables', status: 'success', error_message: null },
    { tool_name: 'bq_query', status: 'failure', error_message: expect.stringContaining('Error running tool') },
  ]);
});
