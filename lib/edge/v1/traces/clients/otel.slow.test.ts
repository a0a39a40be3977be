/** OpenTelemetry's exporters as they are published, for Python and for two lines of Node: their spans of requests to models are rows. */
import { SpanKind } from '@opentelemetry/api';
import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as ProtobufExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { afterEach, beforeAll, expect, test } from 'vitest';
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
