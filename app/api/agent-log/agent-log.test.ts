/** The JSON and CSV of the agent log as a key calls them. */
import { beforeAll, expect, test } from 'vitest';
import { GET as getErrors } from '@/app/api/agent-log/errors/route';
import { GET as getEvents } from '@/app/api/agent-log/events/route';
import { GET as getSessions } from '@/app/api/agent-log/sessions/route';
import { GET as getSnapshots } from '@/app/api/agent-log/snapshots/route';
import { GET as getTools } from '@/app/api/agent-log/tools/route';
import { chatEvent, insertAgentRows } from '@/dev/testing/agent-log/agent-rows';
import { customerKey } from '@/dev/testing/data-plane';
import { createWorld } from '@/dev/testing/world';

let key: string;
const call = async (handler: typeof getTools, query = '') => {
  const request = new Request(`http://127.0.0.1/api/x${query}`, { headers: { authorization: `Bearer ${key}` } });
  const response = await handler(request, { params: Promise.resolve({}) });
  return { status: response.status, headers: response.headers, text: await response.text() };
};

beforeAll(async () => {
  const world = await createWorld();
  key = (await customerKey(world, ['agent-log:read'])).text;
  const at = new Date(Date.now() - 60_000);
  const metadata = { execution_id: '1', tool_name: '=cmd', status: 'failure', error_message: '=1+1' };
  await insertAgentRows(world, {
    chat_events: [
      chatEvent({ at, content: { text: 'Hello' }, client_info: { locale: 'de' } }),
      chatEvent({ at, session_id: '=cmd', event_type: 'tool_end', metadata }),
    ],
    repo_snapshots: [
      {
        ...{ repo_url: '=cmd', commit_hash: 'ab'.repeat(20), indexed_at: at.toISOString() },
        ...{ file_count: 1, total_tokens: 2, vector_index_path: null },
      },
    ],
  });
});

test.each([
  ['tools', getTools, 2],
  ['sessions', getSessions, 3],
  ['errors', getErrors, 2],
  ['snapshots', getSnapshots, 2],
] as const)('%s come as JSON and as a file, in which no cell is a formula', async (_, handler, count) => {
  const json = await call(handler);
  expect(json.status).toBe(200);
  expect(JSON.parse(json.text)).toMatchObject({ freshness: 'current' });
  expect(JSON.parse(json.text).data).toHaveLength(count - 1);
  const { status, headers, text } = await call(handler, '?format=csv');
  expect(status).toBe(200);
  expect(headers.get('content-disposition')).toMatch(/^attachment; filename="agent-[\w-]+\.csv"$/);
  expect(text.trim().split('\r\n')).toHaveLength(count);
  expect(text).not.toMatch(/(^|,)=/m);
});

test('events come as JSON, with what was said only where it is asked for', async () => {
  const hidden = JSON.parse((await call(getEvents, '?id=session-1')).text);
  expect(hidden.data).toMatchObject([{ has_content: true, client_info: { locale: 'de' }, metadata: null }]);
  expect(hidden.data[0]).not.toHaveProperty('content');
  const shown = JSON.parse((await call(getEvents, '?id=session-1&content=1')).text);
  expect(shown.data).toMatchObject([{ content: { text: 'Hello' } }]);
});

test.each([
  [getTools, '?sort=colour'],
  [getTools, '?days=8'],
  [getTools, '?customer_id=cus_x'],
  [getSessions, '?from=yesterday'],
  [getSessions, '?after=x'],
  [getSessions, '?errors=yes'],
  [getEvents, ''],
  [getEvents, '?id=session-1&after=x'],
  [getSnapshots, '?after=x'],
  [getErrors, '?limit=5'],
])('what is not understood is refused: %#', async (handler, query) => {
  expect((await call(handler, query)).status).toBe(400);
});
