/** A trace that exporters send in several requests is one session of one user, in the agent log and in AI usage. */
import { expect, test } from 'vitest';
import { keptAgentLog } from '@/dev/testing/agent-log/kept';
import { consume } from '@/dev/testing/agent-log/record';
import { caller, customerKey } from '@/dev/testing/data-plane';
import { spooledRows } from '@/dev/testing/events/entries';
import { keptEntries } from '@/dev/testing/ingest/kept-entries';
import { keptTraces } from '@/dev/testing/traces/kept';
import { createWorld, type World } from '@/dev/testing/world';
import { app } from '@/lib/edge/v1/app';
import { randomText } from '@/lib/platform/ids';
import { agentDatasetOf } from '@/lib/warehouse/agent-dataset';

const call = caller(async (input, init) => app.fetch(new Request(input as string, init)));

const hex = (digits: number) => Buffer.from(randomText(digits)).toString('hex').slice(0, digits);
type Span = ReturnType<typeof span>;
function span(traceId: string, operation: string, attributes: Record<string, string> = {}) {
  const at = Date.now();
  const all = { 'gen_ai.operation.name': operation, ...attributes };
  return {
    traceId,
    spanId: hex(16),
    name: operation,
    startTimeUnixNano: `${at}000000`,
    endTimeUnixNano: `${at + 20}000000`,
    attributes: Object.entries(all).map(([key, stringValue]) => ({ key, value: { stringValue } })),
  };
}
const model = { 'gen_ai.request.model': 'gpt-4o' };
const names = { 'gen_ai.conversation.id': 'conv-1', 'user.email': 'mia@acme.io' };

async function senderOf(world: World) {
  const key = (await customerKey(world, ['traces:write', 'agent-log:write'])).text;
  return async (...spans: Span[]) => {
    const json = { resourceSpans: [{ resource: { attributes: [] }, scopeSpans: [{ spans }] }] };
    const answer = await call('/v1/traces', { method: 'POST', key, json });
    expect(answer.status, answer.text).toBe(200);
  };
}

/** Sessions and users of what the agent log took, in its order. */
const ownersOf = async ({ customerId }: World) =>
  (await keptAgentLog(customerId)).rows.map(row => [row.event_type, row.session_id, row.user_id]);
const namesOf = async ({ customerId }: World) =>
  (await keptTraces(customerId)).rows.map(row => [row.session_id, row.developer_id]);

/** Events that are recorded once all that came is consumed, and rows that stay of AI usage, the last of a hash. */
async function recorded({ customerId, tenantDatasetId }: World) {
  await consume(await keptEntries('agent-log', customerId));
  const events = await spooledRows(agentDatasetOf(tenantDatasetId), 'chat_events');
  const chain = await spooledRows(agentDatasetOf(tenantDatasetId), 'chat_event_chain');
  const { rows } = await keptTraces(customerId);
  const usage = new Map(rows.map(({ received_at: _, ...row }) => [row.trace_hash, row]));
  return { events, chain, usage: [...usage.values()] };
}

test('what a request told of a trace holds for spans of it that come alone, and spans that come again change nothing', async () => {
  const [world, trace] = [await createWorld(), hex(32)];
  const send = await senderOf(world);
  const requests = [
    span(trace, 'chat', { ...model, ...names }),
    span(trace, 'execute_tool'),
    span(trace, 'chat', model),
  ];
  for (const one of requests) await send(one);
  const owner = ['conv-1', 'mia@acme.io'];
  expect(await ownersOf(world)).toEqual([
    ['message_sent', ...owner],
    ['tool_start', ...owner],
    ['tool_end', ...owner],
    ['message_sent', ...owner],
  ]);
  expect(await namesOf(world)).toEqual([owner, owner]);
  const before = await recorded(world);
  expect([before.events.length, before.chain.length, before.usage.length]).toEqual([4, 4, 2]);
  for (const one of requests.toReversed()) await send(one);
  expect(await recorded(world)).toEqual(before);
});

test('another customer’s trace of the same id stays without names', async () => {
  const [one, other, trace] = [await createWorld(), await createWorld(), hex(32)];
  const [send, sendOther] = [await senderOf(one), await senderOf(other)];
  await send(span(trace, 'chat', { ...model, ...names }));
  await sendOther(span(trace, 'execute_tool'), span(trace, 'chat', model));
  expect(await namesOf(other)).toEqual([[null, null]]);
  expect(new Set((await ownersOf(other)).map(String))).toEqual(
    new Set(['tool_start', 'tool_end', 'message_sent'].map(type => `${type},${trace},unknown`)),
  );
});

test('what came before anything was told stays as it was recorded, and of AI usage gets its names where it comes again', async () => {
  const [world, trace] = [await createWorld(), hex(32)];
  const send = await senderOf(world);
  const early = [span(trace, 'execute_tool'), span(trace, 'chat', model)];
  await send(...early);
  await send(span(trace, 'invoke_agent', names));
  const before = await recorded(world);
  expect(new Set(before.events.map(event => `${event.session_id} ${event.user_id}`))).toEqual(
    new Set([`${trace} unknown`]),
  );
  await send(...early);
  const after = await recorded(world);
  expect([after.events, after.chain]).toEqual([before.events, before.chain]);
  expect(after.usage).toEqual([{ ...before.usage[0], session_id: 'conv-1', developer_id: 'mia@acme.io' }]);
});

test('a span’s own names, and those that its request tells, come before what was told earlier', async () => {
  const [world, trace] = [await createWorld(), hex(32)];
  const send = await senderOf(world);
  await send(span(trace, 'invoke_agent', names));
  await send(span(trace, 'chat', { ...model, 'session.id': 'own' }));
  await send(span(trace, 'chat', model), span(trace, 'invoke_agent', { 'session.id': 'told' }));
  expect(await namesOf(world)).toEqual([
    ['own', 'mia@acme.io'],
    ['told', 'mia@acme.io'],
  ]);
});
