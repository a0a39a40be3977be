/** An agent on Vercel's AI SDK with its own OpenTelemetry instrumentation: <folder of the packages> <models' address> <POST /v1/traces> <key>. */
const { createRequire } = require('node:module');

const [folder, baseURL, url, key] = process.argv.slice(2);
const requireThere = createRequire(`${folder}/package.json`);
const { generateText, isStepCount, registerTelemetry, tool } = requireThere('ai');
const { OpenTelemetry } = requireThere('@ai-sdk/otel');
const { createOpenAICompatible } = requireThere('@ai-sdk/openai-compatible');
const { trace } = requireThere('@opentelemetry/api');
const { OTLPTraceExporter } = requireThere('@opentelemetry/exporter-trace-otlp-proto');
const { resourceFromAttributes } = requireThere('@opentelemetry/resources');
const { BasicTracerProvider, BatchSpanProcessor } = requireThere('@opentelemetry/sdk-trace-base');
const { z } = requireThere('zod');

const exporter = new OTLPTraceExporter({ url, headers: { authorization: `Bearer ${key}` } });
const provider = new BasicTracerProvider({
  resource: resourceFromAttributes({ 'service.name': 'analyst' }),
  spanProcessors: [new BatchSpanProcessor(exporter)],
});
trace.setGlobalTracerProvider(provider);
registerTelemetry(
  new OpenTelemetry({
    enrichSpan: () => ({ 'gen_ai.conversation.id': 'conversation-1', 'user.id': 'ada@example.com' }),
  }),
);

const tools = {
  bq_list_tables: tool({
    inputSchema: z.object({ dataset: z.string() }),
    execute: async () => ['orders', 'customers'],
  }),
  bq_query: tool({
    inputSchema: z.object({ sql: z.string() }),
    execute: async () => {
      throw new Error('Not found: Table orders_2019');
    },
  }),
};

async function run() {
  const model = createOpenAICompatible({ name: 'openai', baseURL, apiKey: 'none' })('gpt-4o');
  const { text } = await generateText({ model, tools, prompt: 'Which tables are there?', stopWhen: isStepCount(5) });
  const refused = await generateText({ model, prompt: 'Once more', maxRetries: 0 }).catch(error => error.message);
  await provider.shutdown();
  console.log(JSON.stringify({ text, refused }));
}
run();
