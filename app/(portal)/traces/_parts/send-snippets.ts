/** What to paste so that requests to AI models are traced here: LiteLLM, OpenTelemetry, a call, a file. Pure. */

/** `address`: where the data plane answers, without a slash at the end; `keyStart`: start of a key that may send. */
export type SendWhere = { address: string; keyStart: string | null; customerId: string };
export type SendSnippet = { title: string; says: string; code: string };

const key = ({ keyStart }: SendWhere): string => (keyStart ? `${keyStart}…` : 'ty_live_…');

const litellm = (where: SendWhere): string => `import litellm
from litellm.integrations.generic_api.generic_api_callback import GenericAPILogger

# Inside a running event loop, as the proxy and async code have one.
litellm.callbacks = [
    GenericAPILogger(
        endpoint="${where.address}/v1/traces",
        headers={"Authorization": "Bearer ${key(where)}"},
    )
]
await litellm.acompletion(
    model="openai/gpt-4o",
    messages=[{"role": "user", "content": "Hello"}],
    user="mia@example.com",
    metadata={"spend_logs_metadata": {"repo": "acme/shop"}},
)`;

const otel = (where: SendWhere): string => `export OTEL_EXPORTER_OTLP_TRACES_ENDPOINT="${where.address}/v1/traces"
export OTEL_EXPORTER_OTLP_TRACES_HEADERS="Authorization=Bearer%20${key(where)}"`;

const curl = (where: SendWhere): string => `curl -sS "${where.address}/v1/traces" \\
  -H "Authorization: Bearer ${key(where)}" \\
  -H "Content-Type: application/json" \\
  -d '{
    "session_id": "first-session",
    "developer_id": "mia@example.com",
    "timestamp": "'"$(date -u +%Y-%m-%dT%H:%M:%SZ)"'",
    "model": "openai/gpt-4o",
    "tokens_in": 250,
    "tokens_out": 150,
    "latency_ms": 1234.5,
    "status_code": 200,
    "repo_slug": "acme/shop"
  }'`;

const file = ({ customerId }: SendWhere): string =>
  `npm run cli -- traces ingest spend-logs.jsonl --customer ${customerId} --repo acme/shop`;

/** The ways in, the shortest first. */
export const sendSnippets = (where: SendWhere): SendSnippet[] => [
  {
    title: 'curl',
    says: 'One record, in the data model’s own form. A list, or a line each, is taken too.',
    code: curl(where),
  },
  {
    title: 'LiteLLM',
    says: 'LiteLLM’s own callback sends each request. The key ends where the dots are: paste the whole one.',
    code: litellm(where),
  },
  {
    title: 'OpenTelemetry',
    says: 'Spans with gen_ai attributes, by any exporter of OTLP over HTTP (protobuf or JSON).',
    code: otel(where),
  },
  {
    title: 'A file',
    says: 'Whoever runs this service imports files of LiteLLM’s logs, a line each, also .gz and .zst. A repeat goes on where the one before ended.',
    code: file(where),
  },
];
