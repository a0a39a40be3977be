/** What the demo's pipelines do: their steps, checks, and how they fail. */
export type DemoStep = {
  name: string;
  type: string;
  seconds: [low: number, high: number];
  rows: [low: number, high: number] | null;
};
export type DemoPipeline = {
  id: string;
  provider: string;
  steps: DemoStep[];
  checkedTables: string[];
  failures: DemoFailure[];
};
export type DemoFailure = { step: string; message: string };

const step = (
  name: string,
  type: string,
  seconds: [number, number],
  rows: [number, number] | null = null,
): DemoStep => ({ name, type, seconds, rows });

const checkQuota = step('check_quota', 'api_call', [0, 1]);
const dqChecks = step('dq_checks', 'data_quality', [4, 25]);
const overdue: DemoFailure = {
  step: 'extract',
  message: 'The provider answered 503 Service Unavailable after 5 attempts.',
};

export const demoPipelines: DemoPipeline[] = [
  {
    id: 'gcp_billing_daily',
    provider: 'GCP',
    steps: [
      checkQuota,
      step('extract', 'bigquery_to_bigquery', [60, 190], [90_000, 260_000]),
      step('load_costs', 'bigquery_to_bigquery', [30, 110], [90_000, 260_000]),
      dqChecks,
      step('publish', 'bigquery_to_bigquery', [5, 20], [400, 1_200]),
    ],
    checkedTables: ['costs.gcp_daily', 'costs.gcp_labels'],
    failures: [
      {
        step: 'load_costs',
        message: 'Access denied on dataset acme_prod: the credential prod-gcp lacks bigquery.dataEditor.',
      },
      { step: 'dq_checks', message: '2 of 14 expectations failed on costs.gcp_daily.' },
    ],
  },
  {
    id: 'aws_cur_import',
    provider: 'AWS',
    steps: [
      checkQuota,
      step('extract', 'api_call', [40, 240], [30_000, 180_000]),
      step('transform', 'bigquery_to_bigquery', [20, 80], [30_000, 180_000]),
      dqChecks,
    ],
    checkedTables: ['costs.aws_line_items'],
    failures: [
      overdue,
      { step: 'extract', message: 'The credential aws-cur was rejected: the security token is expired.' },
    ],
  },
  {
    id: 'openai_usage_daily',
    provider: 'OPENAI',
    steps: [
      checkQuota,
      step('fetch_usage', 'api_call', [5, 40], [200, 9_000]),
      step('merge_usage', 'bigquery_to_bigquery', [6, 25], [200, 9_000]),
    ],
    checkedTables: [],
    failures: [{ step: 'fetch_usage', message: 'OpenAI answered 429: the organization’s rate limit was reached.' }],
  },
  {
    id: 'security_findings',
    provider: 'GCP',
    steps: [
      checkQuota,
      step('extract', 'api_call', [20, 90], [50, 2_400]),
      dqChecks,
      step('notify', 'api_call', [1, 4]),
    ],
    checkedTables: ['security.findings'],
    failures: [overdue],
  },
];
