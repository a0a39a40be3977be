/** Spans of agents at POST /v1/traces: in the agent log, in AI usage or in both, by what the key may write. */
import { beforeAll, expect, test } from 'vitest';
import { keptAgentLog } from '@/dev/testing/agent-log/kept';
import { caller, customerKey, serviceKey } from '@/dev/testing/data-plane';
import { keptTraces } from '@/dev/testing/traces/kept';
import { createWorld, type World } from '@/dev/testing/world';
import { setMasking } from '@/lib/domains/agent-log/settings/set-masking';
import samples from '@/lib/domains/traces/normalize/samples/otlp.json';
import { fromWebRequest, toWebResponse } from '@/lib/edge/http/web-request';
import { app } from '@/lib/edge/v1/app';
import { createAnswerTraces } from '@/lib/edge/v1/traces/answer-traces';
import type { Permission } from '@/lib/kernel/permissions';
import { AppError } from '@/lib/platform/errors';
import { randomText } from '@/lib/platform/ids';

const call = caller(async (input, init) => app.fetch(new Request(input as string, init)));
let world: World;
beforeAll(async () => {
  world = await createWorld();
});

const hex = (digits: number) =>
  Array.from({ length: digits }, () => Math.floor(Math.random() * 16).toString(16)).join('');
const attribute = (key: string, value: string | number) => ({
  key,
  value: typeof value === 'number' ? { intValue: value } : { stringValue: value },
});
function span(name: string, attributes: Record<string, string | number>, more: object = {}) {
  const at = Date.now();
  return {
    traceId: hex(32),
    spanId: hex(16),
    name,
    startTimeUnixNano: `${at}000000`,
    endTimeUnixNano: `${at + 20}000000`,
    attributes: Object.entries(attributes).map(([key, value]) => attribute(key, value)),
    ...more,
  };
}
const chat = (tokens = 100) =>
  span('chat gpt-4o', {
    'gen_ai.operation.name': 'chat',
    'gen_ai.request.model': 'gpt-4o',
    'gen_ai.usage.input_tokens': tokens,
  });
const tool = (more: Record<string, string | number> = {}, span_: object = {}) =>
  span('execute_tool bq', { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': 'bq', ...more }, span_);
const other = () => span('GET /cart', { 'http.request.method': 'GET' });
const body = (...spans: object[]) => ({ resourceSpans: [{ resource: { attributes: [] }, scopeSpans: [{ spans }] }] });

async function sent(scopes: Permission[], json: object) {
  const own = await createWorld();
  const answer = await call('/v1/traces', { method: 'POST', key: (await customerKey(own, scopes)).text, json });
  const [traces, agent] = [await keptTraces(own.customerId), await keptAgentLog(own.customerId)];
  return {
    own,
    answer,
    models: traces.rows.map(row => row.model),
    types: agent.rows.map(row => row.event_type),
    agent,
  };
}

test('a key of both scopes: usage and events, and only what is neither is passed over', async () => {
  const { answer, models, types } = await sent(['traces:write', 'agent-log:write'], body(chat(), tool(), other()));
  expect([answer.status, answer.json]).toEqual([200, { ignoredSpans: 1 }]);
  expect(models).toEqual(['gpt-4o']);
  expect(types).toEqual(['message_sent', 'tool_start', 'tool_end']);
});

test('a request that names nobody is of the session and the developer of its trace, in usage as in the log', async () => {
  const traceId = hex(32);
  const names = { 'gen_ai.operation.name': 'invoke_agent', 'session.id': 'conv-1', 'user.email': 'mia@acme.io' };
  const spans = [{ ...chat(), traceId }, span('invoke_agent', names, { traceId })];
  const { own, agent } = await sent(['traces:write', 'agent-log:write'], body(...spans));
  const { rows } = await keptTraces(own.customerId);
  expect(rows).toMatchObject([{ session_id: 'conv-1', developer_id: 'mia@acme.io' }]);
  expect(agent.rows).toMatchObject([{ session_id: 'conv-1', user_id: 'mia@acme.io' }]);
});

test('a span around a request to a model is passed over by both, and still a call of a tool where it is one', async () => {
  const named = { 'gen_ai.request.model': 'gpt-4o' };
  const around = span('call_llm', { 'gen_ai.system': 'openai', ...named });
  const inner = (parent: typeof around) => ({ ...chat(), traceId: parent.traceId, parentSpanId: parent.spanId });
  const tool_ = span('ask', { 'ai.operationId': 'ai.toolCall', ...named });
  const spans = [around, inner(around), tool_, inner(tool_)];
  const { answer, models, types } = await sent(['traces:write', 'agent-log:write'], body(...spans));
  expect([answer.status, answer.json]).toEqual([200, { ignoredSpans: 1 }]);
  expect(models).toEqual(['gpt-4o', 'gpt-4o']);
  expect(types.sort()).toEqual(['message_sent', 'message_sent', 'tool_end', 'tool_start']);
});

test('a key of AI usage alone: no events', async () => {
  const { answer, models, types } = await sent(['traces:write'], body(chat(), tool(), other()));
  expect([answer.json, models, types]).toEqual([{ ignoredSpans: 2 }, ['gpt-4o'], []]);
});

test('a key of the agent log alone: events, and no usage', async () => {
  const { answer, models, types } = await sent(['agent-log:write'], body(chat(), tool(), other()));
  expect([answer.json, models, types]).toEqual([{ ignoredSpans: 1 }, [], ['message_sent', 'tool_start', 'tool_end']]);
});

test('a key of the agent log alone sends no records of usage, and one of neither nothing', async () => {
  const record = { timestamp: new Date().toISOString(), model: 'openai/gpt-4o', tokens_in: 1, tokens_out: 1 };
  const { answer, models } = await sent(['agent-log:write'], [record]);
  expect([answer.status, answer.json.code, answer.json.required_scope]).toEqual([
    403,
    'insufficient_scope',
    'traces:write',
  ]);
  expect(models).toEqual([]);
  const neither = await sent(['runs:read'], body(tool()));
  expect([neither.answer.status, neither.answer.json.code, neither.types]).toEqual([403, 'insufficient_scope', []]);
});

test('a refused span is told once, whoever refuses it, and the others are taken', async () => {
  const future = `${Date.now() + 7_200_000}000000`;
  const late = tool({}, { endTimeUnixNano: future });
  for (const scopes of [['traces:write', 'agent-log:write'], ['agent-log:write']] as Permission[][]) {
    const { answer, types } = await sent(scopes, body(chat(-1), late, tool(), chat()));
    expect(answer.json).toEqual({
      partialSuccess: {
        rejectedSpans: '2',
        errorMessage: expect.stringMatching(/^span 0, .*negative\. span 1, endTimeUnixNano: .*ahead of ours\.$/),
      },
    });
    expect(types).toEqual(['tool_start', 'tool_end', 'message_sent']);
  }
});

test('protobuf of Python’s exporter, by a service key for a customer that it names', async () => {
  const own = await createWorld();
  const scopes: Permission[] = ['traces:write', 'agent-log:write'];
  const answer = await call(`/v1/traces?customer_id=${own.customerId}`, {
    method: 'POST',
    key: (await serviceKey(scopes)).text,
    body: new Uint8Array(Buffer.from(samples.pythonProtobuf, 'base64')),
    headers: { 'content-type': 'application/x-protobuf' },
  });
  expect([answer.status, answer.text]).toEqual([200, '']);
  const { rows, metas } = await keptAgentLog(own.customerId);
  expect(rows.filter(row => row.event_type === 'message_sent')).toHaveLength(2);
  expect(metas).toMatchObject([{ kind: 'events' }]);
});

test('what was said is kept only where the customer wants it, and masked', async () => {
  const own = await createWorld();
  const key = (await customerKey(own, ['agent-log:write'])).text;
  const send = () => {
    const said = {
      'gen_ai.tool.call.arguments': JSON.stringify({ token: randomText(20), note: 'ghp_abcdefghijklmnop' }),
    };
    return call('/v1/traces', { method: 'POST', key, json: body(tool(said)) });
  };
  await send();
  expect((await keptAgentLog(own.customerId)).rows.map(row => row.content)).toEqual([null, null]);
  await setMasking(own.as('ADMIN'), { keep_span_content: true });
  await send();
  expect((await keptAgentLog(own.customerId)).rows.map(row => row.content).slice(2)).toEqual([
    { token: '[secret]', note: '[secret]' },
    null,
  ]);
});

test('more spans than one entry holds are in several, all of them durable', async () => {
  const { answer, types, agent } = await sent(['agent-log:write'], body(...Array.from({ length: 700 }, () => tool())));
  expect([answer.status, types.length, agent.metas.length]).toEqual([200, 1_400, 2]);
});

test('while one of the two logs is away: 503 with Retry-After, and nothing is called taken', async () => {
  const away = async () => {
    throw new AppError('database_unavailable', 'The database is not reachable.', { retryAfterSeconds: 5 });
  };
  const here = async () => undefined;
  const key = (await customerKey(world)).text;
  for (const door of [
    { append: away, appendToAgentLog: here },
    { append: here, appendToAgentLog: away },
  ]) {
    const answerTraces = createAnswerTraces(door);
    const send = caller(async (input, init) =>
      toWebResponse((await answerTraces(fromWebRequest(new Request(input as string, init)))) as never),
    );
    const answer = await send('/v1/traces', { method: 'POST', key, json: body(chat(), tool()) });
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5']);
  }
});
