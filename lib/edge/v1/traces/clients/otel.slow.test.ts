/** OpenTelemetry's exporters as they are published, for Python and for two lines of Node: their spans of requests to models are rows. */
import { type Attributes, ROOT_CONTEXT, SpanKind, trace } from '@opentelemetry/api';
import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as ProtobufExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { afterEach, beforeAll, expect, test, vi } from 'vitest';
import { clientPackages } from '@/dev/stack/services/node-client';
import { clientVenv } from '@/dev/stack/services/python-venv';
import { type ClientScene, openClientScene, runClient } from '@/dev/testing/traces/client-scene';
import request from '@/lib/edge/v1/traces/clients/otel-request.json';

const folder = 'lib/edge/v1/traces/clients';
const requests = 50;
let python: string;
let olderNode: string;
beforeAll(async () => {
  python = await clientVenv('otel', `${folder}/otel-requirements.txt`);
  olderNode = await clientPackages('otel-node-2', `${folder}/otel-node-2`);
}, 300_000);

let scene: ClientScene;
afterEach(() => scene.close());

async function expectAll(): Promise<void> {
  const rows = await scene.rows();
  const tokens = rows.map(row => row.tokens_in).sort((a, b) => a - b);
  expect(tokens).toEqual(Array.from({ length: requests }, (_, number) => 100 + number));
  const common = { model: 'openai/gpt-4o', tokens_out: 7, session_id: 'conversation-1', repo_slug: 'acme/shop' };
  for (const row of rows) expect(row).toMatchObject({ ...common, developer_id: 'dev@example.com', source: 'otlp' });
}

test.each([
  ['plain', 0],
  ['gzip', 0],
  ['gzip', 1],
] as const)('Python, %s, after %i refusals by 503', async (compression, busy) => {
  scene = await openClientScene(busy);
  await runClient(python, `${folder}/otel-client.py`, [scene.endpoint, scene.key, compression, String(requests)]);
  expect(scene.statuses.filter(status => status !== 200)).toEqual(Array(busy).fill(503));
  await expectAll();
});

test.each([
  { how: 'protobuf', Exporter: ProtobufExporter, busy: 0 },
  { how: 'JSON', Exporter: JsonExporter, busy: 0 },
  { how: 'protobuf', Exporter: ProtobufExporter, busy: 1 },
])('Node, $how, after $busy refusals by 503', async ({ Exporter, busy }) => {
  scene = await openClientScene(busy);
  const exporter = new Exporter({ url: scene.endpoint, headers: { authorization: `Bearer ${scene.key}` } });
  const processor = new BatchSpanProcessor({ exporter, maxExportBatchSize: 20 });
  const resource = resourceFromAttributes({ 'service.name': 'client' });
  const provider = new TracerProvider({ resource, spanProcessors: [processor] });
  const tracer = provider.getTracer('client');
  tracer.startSpan('GET /cart').end();
  for (let number = 0; number < requests; number++) {
    const attributes = { ...request, 'gen_ai.usage.input_tokens': 100 + number };
    tracer.startSpan('chat gpt-4o', { kind: SpanKind.CLIENT, attributes }).end();
  }
  await provider.shutdown();
  expect(scene.statuses.filter(status => status !== 200)).toEqual(Array(busy).fill(503));
  await expectAll();
});

test('Node, an agent that runs over several batches: what came alone is of the session and the user that one span named', async () => {
  scene = await openClientScene();
  const exporter = new ProtobufExporter({ url: scene.endpoint, headers: { authorization: `Bearer ${scene.key}` } });
  const processor = new BatchSpanProcessor({ exporter, scheduledDelayMillis: 100 });
  const provider = new TracerProvider({ spanProcessors: [processor] });
  const tracer = provider.getTracer('agent');
  const agent = tracer.startSpan('invoke_agent shop', { attributes: { 'gen_ai.operation.name': 'invoke_agent' } });
  const step = async (name: string, attributes: Attributes) => {
    const batches = scene.statuses.length;
    tracer.startSpan(name, { attributes }, trace.setSpan(ROOT_CONTEXT, agent)).end();
    await vi.waitFor(() => expect(scene.statuses).toHaveLength(batches + 1), 10_000);
  };
  const bare = { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'gpt-4o' };
  await step('chat gpt-4o', request);
  await step('execute_tool bq', { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': 'bq' });
  await step('chat gpt-4o', bare);
  agent.end();
  await provider.shutdown();
  expect(scene.statuses).toEqual([200, 200, 200, 200]);
  const owner = { session_id: 'conversation-1', user_id: 'dev@example.com' };
  const types = ['message_sent', 'tool_start', 'tool_end', 'message_sent'];
  expect(await scene.events()).toMatchObject(types.map(event_type => ({ event_type, ...owner })));
  const usage = { session_id: 'conversation-1', developer_id: 'dev@example.com' };
  expect(await scene.rows()).toMatchObject([usage, usage]);
});

test.each([
  { how: 'proto', compression: 'none', busy: 0 },
  { how: 'http', compression: 'gzip', busy: 0 },
  { how: 'proto', compression: 'gzip', busy: 1 },
  { how: 'http', compression: 'none', busy: 1 },
])('Node of the line 2, $how, $compression, after $busy refusals by 503', async ({ how, compression, busy }) => {
  scene = await openClientScene(busy);
  const args = [olderNode, how, scene.endpoint, scene.key, compression, String(requests)];
  await runClient(process.execPath, `${folder}/otel-node-2/client.cjs`, args);
  expect(scene.statuses.filter(status => status !== 200)).toEqual(Array(busy).fill(503));
  await expectAll();
});
