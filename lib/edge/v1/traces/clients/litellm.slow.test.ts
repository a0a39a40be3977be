/** LiteLLM as it is published: its own GenericAPILogger sends to us by its settings alone, in each of its formats. */
import { afterEach, beforeAll, expect, test } from 'vitest';
import { clientVenv } from '@/dev/stack/services/python-venv';
import { type ClientScene, openClientScene, runClient } from '@/dev/testing/traces/client-scene';

const folder = 'lib/edge/v1/traces/clients';
let python: string;
beforeAll(async () => {
  python = await clientVenv('litellm', `${folder}/litellm-requirements.txt`);
  // Its first import compiles thousands of modules, for longer than a test may take.
  await runClient(python, '-c', ['import litellm.integrations.generic_api.generic_api_callback']);
}, 600_000);

let scene: ClientScene;
afterEach(() => scene.close());

const send = async (format: string, retries: number) => {
  const args = [scene.endpoint, scene.key, format, String(retries)];
  return JSON.parse(await runClient(python, `${folder}/litellm-client.py`, args)) as { sent: number };
};

/** Success of two providers, a stream, a failure, and an answer that is cached the second time. */
async function expectAll(): Promise<void> {
  const rows = await scene.rows();
  const of = (model: string) => rows.filter(row => row.model === model);
  expect(rows.length).toBe(6);
  expect(new Set(rows.map(row => row.trace_hash)).size).toBe(6);
  const common = { session_id: 'sess-1', repo_slug: 'acme/shop', source: 'litellm', tags: 'team-a' };
  for (const row of rows) expect(row).toMatchObject(common);
  const asked = { tokens_in: 10, tokens_out: 20, status_code: 200, developer_id: 'dev@example.com' };
  expect(of('openai/gpt-4o')).toMatchObject([asked]);
  expect(of('anthropic/claude-3-haiku-20240307')).toMatchObject([asked]);
  expect(of('openai/gpt-4o-mini')).toMatchObject([{ is_stream: true, status_code: 200 }]);
  expect(of('openai/gpt-4')).toMatchObject([{ status_code: 429, tokens_out: 0, error_code: 'RateLimitError' }]);
  expect(of('openai/gpt-4.1').map(row => row.from_cache)).toEqual([false, true]);
}

test.each(['json_array', 'ndjson', 'single'])('%s: each request to a model is one row', async format => {
  scene = await openClientScene();
  expect((await send(format, 0)).sent).toBe(6);
  expect(scene.statuses).toEqual(Array(format === 'single' ? 6 : 1).fill(200));
  await expectAll();
});

test.each(['json_array', 'ndjson'])(
  '%s: what is answered by 503 first is sent again, and nothing is twice',
  async format => {
    scene = await openClientScene(1);
    await send(format, 2);
    expect(scene.statuses).toEqual([503, 200]);
    await expectAll();
  },
);
