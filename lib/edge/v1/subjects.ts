/** What the calls of the data plane are about: the tags of its document and the pages of its reference, in their order. */

type Subject = {
  name: string;
  text: string;
  /** Beginnings of paths; of several subjects the longest beginning has the call. */
  paths: readonly string[];
};

export const subjects: readonly Subject[] = [
  { name: 'Quota', text: 'What is used of the plan, and what is left.', paths: ['/v1/quota'] },
  { name: 'Runs', text: 'Start runs of pipelines, and read them.', paths: ['/v1/runs'] },
  {
    name: 'Runs that wait',
    text: 'Claim a run that waits; cancel one that waits or runs.',
    paths: ['claim', '{pipeline_logging_id}/cancel'].map(part => `/v1/runs/${part}`),
  },
  {
    name: 'Life of a run',
    text: 'Say that a run lives, and end it.',
    paths: ['heartbeat', 'complete'].map(part => `/v1/runs/{pipeline_logging_id}/${part}`),
  },
  { name: 'Steps', text: 'What a run did, step by step.', paths: ['/v1/runs/{pipeline_logging_id}/steps'] },
  {
    name: 'Checks',
    text: 'What the data of a run was found to be.',
    paths: ['/v1/runs/{pipeline_logging_id}/dq-results'],
  },
  {
    name: 'Lineage',
    text: 'Runs that dbt, Airflow, Dagster, Spark and others report as events of OpenLineage.',
    paths: ['/api/v1/lineage'],
  },
  {
    name: 'Provider configs',
    text: 'What a worker reads before it starts: the config of a provider, and the credential that it names.',
    paths: ['/v1/provider-configs', '/v1/credentials'],
  },
  {
    name: 'Events',
    text: 'What users do, in the form of Segment’s HTTP API.',
    paths: ['/v1/track', '/v1/page', '/v1/screen'],
  },
  {
    name: 'Users and groups',
    text: 'Who users are and what they belong to, in the form of Segment’s HTTP API.',
    paths: ['/v1/identify', '/v1/group', '/v1/alias'],
  },
  {
    name: 'Event batches',
    text: 'Many calls at once, as Segment’s SDKs send them.',
    paths: ['/v1/batch', '/v1/import'],
  },
  {
    name: 'Event receipts',
    text: 'What became of an event, and what SDKs ask for before they send.',
    paths: ['/v1/events', '/v1/projects'],
  },
  {
    name: 'AI traces',
    text: 'Requests to AI models, from LiteLLM, OpenTelemetry or your own code.',
    paths: ['/v1/traces'],
  },
  { name: 'Agent log', text: 'What agents said, ran, cost and failed at.', paths: ['/v1/agent'] },
  { name: 'MCP server', text: 'What agents may ask of your data, by the Model Context Protocol.', paths: ['/v1/mcp'] },
  {
    name: 'Keys',
    text: 'Whether a key may do what its holder asks; for services of the operator.',
    paths: ['/v1/keys'],
  },
  {
    name: 'Service',
    text: 'Whether the data plane is up, and the document of its calls.',
    paths: ['/v1/health', '/v1/openapi.json'],
  },
];

/** The subject of a path. */
export function subjectOf(path: string): string {
  const [longest] = subjects
    .flatMap(({ name, paths }) => paths.map(beginning => ({ name, beginning })))
    .filter(({ beginning }) => path.startsWith(beginning))
    .sort((a, b) => b.beginning.length - a.beginning.length);
  if (!longest) throw new Error(`no subject has ${path}`);
  return longest.name;
}
