/** Each tool of the MCP server: what it answers, what it asks of a key, and what it says of wrong arguments. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { customerKey, transports } from '@/dev/testing/data-plane';
import { type McpDoor, mcpDoor } from '@/dev/testing/mcp/calls';
import { createMcpScene, type McpScene } from '@/dev/testing/mcp/scene';
import { long, values } from '@/dev/testing/odd-input';
import { createWorld } from '@/dev/testing/world';
import { mcpTools } from '@/lib/edge/v1/mcp/tools';
import { customerScopes } from '@/lib/kernel/permissions';
import { utcDay } from '@/lib/platform/clock';
import { newUuid } from '@/lib/platform/ids';

let door: McpDoor;
let scene: McpScene;
let key: string;
beforeAll(async () => {
  [door, scene] = await Promise.all([mcpDoor(transports[0]!), createMcpScene()]);
  key = (await customerKey(scene.world)).text;
});
afterAll(() => door.close());
const today = utcDay(new Date());

test('failed_runs: the error and the step that broke each run come first, without secrets', async () => {
  const { data, texts } = await door.call('failed_runs', { days: 7 }, key);
  expect(data).toMatchObject({
    runs: [
      {
        error: 'load failed with password=[secret]',
        failed_step: { name: 'load_costs', index: 1, type: 'load', error: 'Access Denied: bucket gs://costs' },
        pipeline_logging_id: scene.failedId,
        pipeline_id: 'daily_costs',
      },
    ],
    more: false,
    note: null,
  });
  expect(Object.keys((data.runs as object[])[0] ?? {}).slice(0, 2)).toEqual(['error', 'failed_step']);
  expect(texts[0]).toMatch(/^1 failed run; the newest is of daily_costs/);
  expect(JSON.parse(texts[1] ?? '')).toEqual(data);
});

test('failed_runs: the steps of runs are found where BigQuery alone has them', async () => {
  const { data } = await door.call('failed_runs', { pipeline: 'copied' }, (await customerKey(scene.copied)).text);
  expect(data).toMatchObject({ runs: [{ pipeline_id: 'copied', failed_step: { name: 'gone', error: 'it broke' } }] });
});

test('failed_runs: days and pipeline narrow it', async () => {
  expect((await door.call('failed_runs', { pipeline: 'other' }, key)).data.runs).toEqual([]);
  expect((await door.call('failed_runs', { to: '2020-01-31', days: 30 }, key)).data.runs).toEqual([]);
  expect((await door.call('failed_runs', { from: today, to: today }, key)).data.runs).toHaveLength(1);
});

test('run: why it failed, its steps and checks, as its page has them', async () => {
  const { data, texts } = await door.call('run', { pipeline_logging_id: scene.failedId }, key);
  expect(data).toMatchObject({
    run: { pipeline_logging_id: scene.failedId, status: 'FAILED', error_message: 'load failed with password=[secret]' },
    explanation: { step_name: 'load_costs', sentence: expect.stringContaining('Step 2 “load_costs” failed') },
    parameters: { region: 'eu', api_key: '[secret]' },
    steps: [{ step_name: 'load_costs', status: 'FAILED' }, { step_name: 'extract' }],
    checks: [{ overall_status: 'FAIL', target_table: 'costs' }],
    note: null,
  });
  expect(texts[0]).toMatch(/^Run of daily_costs: FAILED\. Step 2/);
});

test('run: an id of nobody and of another customer are both not found', async () => {
  const stranger = (await customerKey(await createWorld())).text;
  for (const [id, whose] of [
    [newUuid(), key],
    [scene.failedId, stranger],
  ] as const) {
    const { isError, problem, texts } = await door.call('run', { pipeline_logging_id: id }, whose);
    expect([isError, problem.code, texts[0]]).toEqual([true, 'not_found', 'There is no run with this id.']);
  }
});

test('quota and usage: what is used and what is allowed', async () => {
  const quota = await door.call('quota', undefined, key);
  expect(quota.data).toMatchObject({ customer_id: scene.world.customerId, pipelines_run_today: 1, daily_limit: 6 });
  expect(quota.texts[0]).toBe('1 of 6 runs of today are used, and 0 of 3 run now.');
  const usage = await door.call('usage', {}, key);
  expect(usage.data).toMatchObject({
    plan: 'STARTER',
    status: 'TRIAL',
    runs_today: { used: 1, limit: 6 },
    api_calls_month: { limit: 10_000 },
    seats: { used: 4, limit: 2 },
    events_month: { used: 0, limit: expect.any(Number) },
  });
});

test('most_used_tools and slowest_tools: the same tools in two orders', async () => {
  const names = async (tool: string, args: object = {}) =>
    ((await door.call(tool, args, key)).data.tools as { tool_name: string }[]).map(({ tool_name }) => tool_name);
  expect(await names('most_used_tools')).toEqual(['search', 'bq_query']);
  expect(await names('slowest_tools')).toEqual(['bq_query', 'search']);
  expect(await names('most_used_tools', { limit: 1 })).toEqual(['search']);
  const { data } = await door.call('slowest_tools', { days: 7 }, key);
  expect(data).toMatchObject({
    tools_in_all: 2,
    tools: [
      { tool_name: 'bq_query', calls: 1, failures: 1, failure_percent: 100, p95_ms: 9_000, bytes_billed: 10_485_760 },
      { tool_name: 'search', calls: 2, failures: 0, failure_percent: 0 },
    ],
  });
});

test('ai_cost: by model, developer, repository and day; "at least" where a price is unknown', async () => {
  const rows = async (by: string) => {
    const { data } = await door.call('ai_cost', { by, days: 7 }, key);
    return data as { total: { cost: string; unpriced_requests: number }; rows: { name: string; cost: string }[] };
  };
  const byModel = await rows('model');
  expect(byModel.total).toMatchObject({ cost: expect.stringMatching(/^at least \$/), unpriced_requests: 1 });
  expect(byModel.rows.map(({ name }) => name).sort()).toEqual(['anthropic/claude-sonnet-4', 'nobody/knows']);
  expect(byModel.rows.find(({ name }) => name === 'nobody/knows')?.cost).toBe('no known price');
  expect((await rows('developer')).rows.map(({ name }) => name)).toEqual(['mia@example.com']);
  expect((await rows('repository')).rows.map(({ name }) => name)).toEqual(['acme/shop']);
  const byDay = (await rows('day')).rows;
  expect([byDay.length, byDay.at(-1)?.name]).toEqual([7, today]);
});

describe('scopes', () => {
  test('a key with every scope may use every tool', async () => {
    const scoped = mcpTools.filter(({ scope }) => customerScopes.includes(scope));
    expect(await door.tools(key)).toEqual(scoped.map(({ name }) => name));
  });

  test.each(mcpTools.map(tool => [tool.name, tool.scope] as const))(
    '%s: without %s it is not listed, and calling it names the scope',
    async (name, scope) => {
      const others = customerScopes.filter(one => one !== scope);
      const narrow = (await customerKey(scene.world, others)).text;
      expect(await door.tools(narrow)).not.toContain(name);
      const { isError, problem, texts } = await door.call(name, {}, narrow);
      expect([isError, problem.code, problem.required_scope]).toEqual([true, 'insufficient_scope', scope]);
      expect(texts[0]).toContain(scope);
    },
  );
});

const wrong: [tool: string, args: object, path: string][] = [
  ['failed_runs', { days: 0 }, 'days'],
  ['failed_runs', { days: 91 }, 'days'],
  ['failed_runs', { days: '7.5' }, 'days'],
  ['failed_runs', { pipeline: 'a b' }, 'pipeline'],
  ['failed_runs', { from: 'yesterday' }, 'from'],
  ['failed_runs', { from: '2026-02-02', to: '2026-02-01' }, 'to'],
  ['failed_runs', { limit: 51 }, 'limit'],
  ['failed_runs', { status: 'COMPLETED' }, 'status'],
  ['run', {}, 'pipeline_logging_id'],
  ['run', { pipeline_logging_id: '7' }, 'pipeline_logging_id'],
  ['run', { pipeline_logging_id: 7 }, 'pipeline_logging_id'],
  ['quota', { customer_id: 'x' }, 'customer_id'],
  ['usage', { plan: 'SCALE' }, 'plan'],
  ['most_used_tools', { days: 8 }, 'days'],
  ['most_used_tools', { sort: 'p95' }, 'sort'],
  ['slowest_tools', { limit: 0 }, 'limit'],
  ['slowest_tools', { to: '2026-13-01' }, 'to'],
  ['ai_cost', { by: 'team' }, 'by'],
  ['ai_cost', { model: '' }, 'model'],
  ['ai_cost', { developer: long }, 'developer'],
  ['query_rows', {}, 'query_id'],
  ['query_rows', { query_id: 'a/b' }, 'query_id'],
  ['query_rows', { query_id: 'qry_1', offset: -1 }, 'offset'],
  ['query_rows', { query_id: 'qry_1', limit: 1_001 }, 'limit'],
  ['ai_cost', { repository: 'a\u0000b' }, 'repository'],
];
test.each(wrong)('%s %j: an answer that names %s', async (tool, args, path) => {
  const { isError, problem, texts } = await door.call(tool, args, key);
  expect([isError, problem.code]).toEqual([true, 'invalid_input']);
  expect(problem.errors?.map(error => error.path)).toContain(path);
  expect(texts[0]).toContain(path);
});

/** Of the same schema as `model`; each value that passes asks BigQuery. */
const likeModel = ['developer', 'repository'];
const fields = mcpTools.flatMap(tool =>
  [...Object.keys(tool.input.shape), '__proto__', 'unknown']
    .filter(field => !likeModel.includes(field))
    .map(field => [tool.name, field] as const),
);
test.each(fields)('%s: whatever %s is, the answer is a result and no error of ours', async (tool, field) => {
  for (const value of values) {
    const message = `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"${tool}","arguments":{"${field}":${value}}}}`;
    const { status, json, text } = await door.send(message, key);
    const result = json.result as { isError?: boolean; content: { text: string }[] } | undefined;
    // Nested deeper than messages are.
    if (!result) expect([status, (json.error as { code: number }).code], value.slice(0, 99)).toEqual([400, -32_600]);
    else if (result.isError) expect(text, value.slice(0, 99)).not.toMatch(/"internal"|internal\\"/);
  }
});
