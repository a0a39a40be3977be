"""Sends spans of requests to models by OpenTelemetry's own exporter: <endpoint> <key> <gzip or none> <requests>."""

import sys

from opentelemetry.exporter.otlp.proto.http import Compression
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

endpoint, key, compression, requests = sys.argv[1:]
exporter = OTLPSpanExporter(
    endpoint=endpoint,
    headers={"Authorization": f"Bearer {key}"},
    compression=Compression.Gzip if compression == "gzip" else Compression.NoCompression,
)
provider = TracerProvider()
provider.add_span_processor(BatchSpanProcessor(exporter, max_export_batch_size=20))
tracer = provider.get_tracer("client")

with tracer.start_as_current_span("GET /cart"):
    for number in range(int(requests)):
        with tracer.start_as_current_span("chat gpt-4o") as span:
            span.set_attribute("gen_ai.operation.name", "chat")
            span.set_attribute("gen_ai.provider.name", "openai")
            span.set_attribute("gen_ai.request.model", "gpt-4o")
            span.set_attribute("gen_ai.usage.input_tokens", 100 + number)
            span.set_attribute("gen_ai.usage.output_tokens", 7)
            span.set_attribute("gen_ai.conversation.id", "conversation-1")
            span.set_attribute("user.id", "dev@example.com")
            span.set_attribute("vcs.repository.url.full", "https://github.com/acme/shop")

provider.shutdown()
