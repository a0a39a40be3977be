/** What to paste so that an agent's events come in here. Pure. */

/** `address`: where the data plane answers, without a slash at the end; `keyStart`: start of a key that may send. */
export type SendWhere = { address: string; keyStart: string | null };
type SendSnippet = { title: string; says: string; code: string };

const key = ({ keyStart }: SendWhere): string => (keyStart ? `${keyStart}…` : 'ty_live_…');

const events = (where: SendWhere): string => `now() { date -u +%Y-%m-%dT%H:%M:%SZ; }
id() { cat /proc/sys/kernel/random/uuid 2>/dev/null || uuidgen | tr A-Z a-z; }

curl -sS "${where.address}/v1/agent/events" \\
  -H "Authorization: Bearer ${key(where)}" \\
  -H "Content-Type: application/json" \\
  -d '[
    { "event_id": "'"$(id)"'", "event_timestamp": "'"$(now)"'",
      "session_id": "first-session", "user_id": "mia@example.com",
      "event_type": "tool_start", "content": { "dataset": "sales" },
      "metadata": { "execution_id": "call-1", "tool_name": "bq_list_tables" } },
    { "event_id": "'"$(id)"'", "event_timestamp": "'"$(now)"'",
      "session_id": "first-session", "user_id": "mia@example.com",
      "event_type": "tool_end",
      "metadata": { "execution_id": "call-1", "tool_name": "bq_list_tables",
                    "status": "success", "bytes_billed": 10485760 } }
  ]'`;

const spans = (where: SendWhere): string => `export OTEL_EXPORTER_OTLP_TRACES_ENDPOINT="${where.address}/v1/traces"
export OTEL_EXPORTER_OTLP_TRACES_HEADERS="Authorization=Bearer%20${key(where)}"`;

/** The ways in, the shortest first. */
export const sendSnippets = (where: SendWhere): SendSnippet[] => [
  {
    title: 'curl',
    says: 'A call of a tool: its start and its end, which share an execution_id. The key ends where the dots are: paste the whole one.',
    code: events(where),
  },
  {
    title: 'OpenTelemetry',
    says: 'Spans of tools and models with gen_ai attributes, by any exporter of OTLP over HTTP.',
    code: spans(where),
  },
];
