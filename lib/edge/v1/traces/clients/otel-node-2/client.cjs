/** Sends spans of requests to models by exporters of the packages in a folder: <folder> <http or proto> <endpoint> <key> <gzip or none> <requests>. */
const { createRequire } = require('node:module');
const request = require('../otel-request.json');

const [folder, encoding, url, key, compression, requests] = process.argv.slice(2);
const requireThere = createRequire(`${folder}/package.json`);
const { SpanKind } = requireThere('@opentelemetry/api');
const { OTLPTraceExporter } = requireThere(`@opentelemetry/exporter-trace-otlp-${encoding}`);
const { resourceFromAttributes } = requireThere('@opentelemetry/resources');
const { BasicTracerProvider, BatchSpanProcessor } = requireThere('@opentelemetry/sdk-trace-base');

const exporter = new OTLPTraceExporter({ url, headers: { authorization: `Bearer ${key}` }, compression });
const provider = new BasicTracerProvider({
  resource: resourceFromAttributes({ 'service.name': 'client' }),
  spanProcessors: [new BatchSpanProcessor(exporter, { maxExportBatchSize: 20 })],
});
const tracer = provider.getTracer('client');
tracer.startSpan('GET /cart').end();
for (let number = 0; number < Number(requests); number++) {
  const attributes = { ...request, 'gen_ai.usage.input_tokens': 100 + number };
  tracer.startSpan('chat gpt-4o', { kind: SpanKind.CLIENT, attributes }).end();
}
provider.shutdown();
