"""Sends spans of requests to models by OpenTelemetry's own exporter: <endpoint> <key> <gzip or none> <requests>."""

import json
import sys
from pathlib import Path

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
request = json.loads(Path(__file__).with_name("otel-request.json").read_text())

with tracer.start_as_current_span("GET /cart"):
    for number in range(int(requests)):
        with tracer.start_as_current_span("chat gpt-4o") as span:
            span.set_attributes({**request, "gen_ai.usage.input_tokens": 100 + number})

provider.shutdown()
