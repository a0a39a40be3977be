/** Agents on the official MCP SDK as it is published, seen as sessions in BigQuery. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type AgentScene, openAgentScene } from '@/dev/testing/agent-log/agent-scene';
import { mcpClients } from '@/dev/testing/agent-log/mcp-clients';
import { serveLine2 } from '@/dev/testing/agent-log/mcp-http';

let scene: AgentScene;
beforeEach(async () => {
  scene = await openAgentScene();
});
afterEach(() => scene.close());

const executions = () =>
  scene.rows(
    'SELECT tool_name, status, error_message, bytes_billed, duration_ms FROM agent.tool_executions ORDER BY tool_name',
  );
const events = () =>
  scene.rows(
    'SELECT session_id, user_id, event_type, metadata, content FROM agent.chat_events ORDER BY event_timestamp',
  );

const works = { tool_name: 'bq_list_tables', status: 'success', error_message: null };
const fails = { tool_name: 'bq_query', status: 'failure', error_message: 'Not found: Table orders_2019' };

test('calls by the client 1.x of a server 1.x over stdio', async () => {
  await mcpClients['1.x']({ stdio: ['McpServer 1.x', scene.url, scene.key] });
  await expectCalls();
});

test('calls by the client 2.x of a server 2.x over HTTP', async () => {
  const server = await serveLine2(scene);
  await mcpClients['2.x, the newest protocol']({ url: server.url });
  await server.close();
  await expectCalls();
});

async function expectCalls(): Promise<void> {
  await scene.settle();
  const found = await events();
  expect(new Set(found.map(({ session_id, user_id }) => `${session_id} ${user_id}`)).size).toBe(1);
  expect(found.map(({ event_type }) => event_type)).toEqual(Array(3).fill(['tool_start', 'tool_end']).flat());
  expect(await scene.sessions()).toMatchObject([
    { user_id: 'agent', events: 6, tool_calls: 3, failures: 2, bytes_billed: 10_485_760 },
  ]);
  expect(found[0]).toMatchObject({ user_id: 'agent', content: { dataset: 'shop' } });
  expect(await executions()).toMatchObject([
    { ...works, bytes_billed: 10_485_760 },
    { ...fails, bytes_billed: null },
    { tool_name: 'no_such_tool', status: 'failure', error_message: expect.stringContaining('not found') },
  ]);
}
