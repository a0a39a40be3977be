/** LiteLLM and OpenTelemetry, told to send here. A slow test installs and runs them. */
import { curlOf } from '@/app/docs/_samples/curl';
import type { Sample } from '@/app/docs/_samples/languages';
import { newUuid, now, type SampleRequest } from '@/app/docs/_samples/made';
import { environment, typescriptOf } from '@/app/docs/_samples/typescript';

/** A record as LiteLLM's loggers write it. */
const record = (address: string): SampleRequest => ({
  method: 'POST',
  address,
  path: ['/v1/traces'],
  auth: 'key',
  body: {
    id: newUuid,
    call_type: 'acompletion',
    custom_llm_provider: 'openai',
    model: 'gpt-4o',
    status: 'success',
    startTime: now,
    endTime: now,
    prompt_tokens: 250,
    completion_tokens: 150,
    end_user: 'mia@example.com',
    metadata: { spend_logs_metadata: { repo: 'acme/shop' } },
  },
});

const litellmPython = (address: string): string => `import asyncio
import os

import litellm
from litellm.integrations.generic_api.generic_api_callback import GenericAPILogger


async def main():
    logger = GenericAPILogger(
        endpoint="${address}/v1/traces",
        headers={"Authorization": f"Bearer {os.environ['TENANTRY_KEY']}"},
        max_retries=5,
    )
    litellm.callbacks = [logger]
    await litellm.acompletion(
        model="openai/gpt-4o",
        messages=[{"role": "user", "content": "Hello"}],
        user="mia@example.com",
        metadata={"spend_logs_metadata": {"repo": "acme/shop"}},
        # Answers without asking the model; leave it out to ask.
        mock_response="Hello, too.",
    )
    # A service goes on and sends by itself; a script waits for it before it ends.
    while not logger.log_queue:
        await asyncio.sleep(0.1)
    await logger.async_send_batch()


asyncio.run(main())`;

export const litellm = (address: string): Sample => ({
  id: 'traces-litellm',
  title: 'Trace requests of LiteLLM',
  code: {
    curl: curlOf(record(address)),
    python: litellmPython(address),
    typescript: typescriptOf(record(address)),
  },
  install: { python: 'pip install litellm' },
});

const spanCurl = (address: string): string => `now=$(date +%s)000000000
hex() { od -An -N"$1" -tx1 /dev/urandom | tr -d ' \\n'; }

curl --fail-with-body "${address}/v1/traces" \\
  -H "Authorization: Bearer $TENANTRY_KEY" \\
  -H "Content-Type: application/json" \\
  -d @- <<JSON
{
  "resourceSpans": [{ "scopeSpans": [{ "spans": [{
    "traceId": "$(hex 16)",
    "spanId": "$(hex 8)",
    "name": "chat gpt-4o",
    "kind": 3,
    "startTimeUnixNano": "$now",
    "endTimeUnixNano": "$now",
    "attributes": [
      { "key": "gen_ai.operation.name", "value": { "stringValue": "chat" } },
      { "key": "gen_ai.provider.name", "value": { "stringValue": "openai" } },
      { "key": "gen_ai.request.model", "value": { "stringValue": "gpt-4o" } },
      { "key": "gen_ai.usage.input_tokens", "value": { "intValue": "250" } },
      { "key": "gen_ai.usage.output_tokens", "value": { "intValue": "150" } },
      { "key": "user.email", "value": { "stringValue": "mia@example.com" } }
    ]
  }] }] }]
}
JSON`;

const spanPython = (address: string): string => `import os

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

exporter = OTLPSpanExporter(
    endpoint="${address}/v1/traces",
    headers={"Authorization": f"Bearer {os.environ['TENANTRY_KEY']}"},
)
provider = TracerProvider()
provider.add_span_processor(BatchSpanProcessor(exporter))

with provider.get_tracer("my-app").start_as_current_span("chat gpt-4o") as span:
    span.set_attributes({
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": "gpt-4o",
        "gen_ai.usage.input_tokens": 250,
        "gen_ai.usage.output_tokens": 150,
        "user.email": "mia@example.com",
    })

# Before the process ends: sends what still waits.
provider.shutdown()`;

/** As their registry names them. */
const packages = { sdk: '@opentelemetry/sdk-trace', exporter: '@opentelemetry/exporter-trace-otlp-proto' };

const spanTypescript = (address: string): string => `import { OTLPTraceExporter } from '${packages.exporter}';
import { BatchSpanProcessor, TracerProvider } from '${packages.sdk}';

const exporter = new OTLPTraceExporter({
  url: '${address}/v1/traces',
  headers: { authorization: \`Bearer \${${environment('TENANTRY_KEY')}}\` },
});
const provider = new TracerProvider({
  spanProcessors: [new BatchSpanProcessor({ exporter })],
});

const span = provider.getTracer('my-app').startSpan('chat gpt-4o');
span.setAttributes({
  'gen_ai.operation.name': 'chat',
  'gen_ai.provider.name': 'openai',
  'gen_ai.request.model': 'gpt-4o',
  'gen_ai.usage.input_tokens': 250,
  'gen_ai.usage.output_tokens': 150,
  'user.email': 'mia@example.com',
});
span.end();

// Before the process ends: sends what still waits.
await provider.shutdown();`;

export const otelSpans = (address: string): Sample => ({
  id: 'traces-otel',
  title: 'Send a span',
  code: { curl: spanCurl(address), python: spanPython(address), typescript: spanTypescript(address) },
  install: {
    python: 'pip install opentelemetry-sdk opentelemetry-exporter-otlp-proto-http',
    typescript: `npm install ${packages.sdk} ${packages.exporter}`,
  },
});
