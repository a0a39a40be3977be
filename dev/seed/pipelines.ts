/** What the demo's pipelines do: how often they run, their steps and checks, and how they fail. */
import type { Random } from '@/dev/seed/random';

export type DemoStep = {
  name: string;
  type: string;
  seconds: [low: number, high: number];
  rows: [low: number, high: number] | null;
};
export type DemoTable = {
  name: string;
  /** Expectations of its suite; the named ones fail now and then. */
  expectations: number;
  fragile: { expectation: string; column?: string }[];
  /** Since so many days before the end of the history its checks mostly fail. */
  brokenForDays?: number;
};
export type DemoPipeline = {
  id: string;
  provider: string;
  /** How many of its runs come on one of the others'. */
  weight: number;
  /** Share of its runs that fail. */
  failureRate: number;
  steps: DemoStep[];
  checkedTables: DemoTable[];
  failures: DemoFailure[];
};
/** The message of a step that breaks; what differs from run to run comes from the generator. */
export type DemoFailure = { step: string; message: (random: Random) => string };

const step = (
  name: string,
  type: string,
  seconds: [number, number],
  rows: [number, number] | null = null,
): DemoStep => ({ name, type, seconds, rows });

const checkQuota = step('check_quota', 'api_call', [0, 1]);
const dqChecks = step('dq_checks', 'data_quality', [4, 25]);
const unavailable: DemoFailure = {
  step: 'extract',
  message: random => `The provider answered 503 Service Unavailable after ${random.between(3, 6)} attempts.`,
};
const timedOut = (name: string): DemoFailure => ({
  step: name,
  message: random => `Timed out after 900 s waiting for job ${random.uuid()} in location US.`,
});
const expectationsFailed = (table: string, of: number): DemoFailure => ({
  step: 'dq_checks',
  message: random => `${random.between(2, 4)} of ${of} expectations failed on ${table}.`,
});

export const demoPipelines: DemoPipeline[] = [
  {
    id: 'gcp_billing_daily',
    provider: 'GCP',
    weight: 2,
    failureRate: 0.06,
    steps: [
      checkQuota,
      step('extract', 'bigquery_to_bigquery', [60, 190], [90_000, 260_000]),
      step('load_costs', 'bigquery_to_bigquery', [30, 110], [90_000, 260_000]),
      dqChecks,
      step('publish', 'bigquery_to_bigquery', [5, 20], [400, 1_200]),
    ],
    checkedTables: [
      {
        name: 'costs.gcp_daily',
        expectations: 14,
        fragile: [{ expectation: 'not_null', column: 'cost_usd' }, { expectation: 'row_count_between' }],
      },
      { name: 'costs.gcp_labels', expectations: 8, fragile: [{ expectation: 'accepted_values', column: 'team' }] },
    ],
    failures: [
      {
        step: 'load_costs',
        message: () => 'Access denied on dataset acme_prod: the credential prod-gcp lacks bigquery.dataEditor.',
      },
      expectationsFailed('costs.gcp_daily', 14),
    ],
  },
  {
    id: 'aws_cur_import',
    provider: 'AWS',
    weight: 2,
    failureRate: 0.12,
    steps: [
      checkQuota,
      step('extract', 'api_call', [40, 240], [30_000, 180_000]),
      step('transform', 'bigquery_to_bigquery', [20, 80], [30_000, 180_000]),
      dqChecks,
    ],
    checkedTables: [
      {
        name: 'costs.aws_line_items',
        expectations: 11,
        fragile: [
          { expectation: 'unique', column: 'line_item_id' },
          { expectation: 'not_null', column: 'usage_account_id' },
        ],
        brokenForDays: 6,
      },
    ],
    failures: [
      unavailable,
      {
        step: 'extract',
        message: random =>
          `The credential aws-cur was rejected: the security token of request ${random.uuid()} is expired.`,
      },
    ],
  },
  {
    id: 'openai_usage_daily',
    provider: 'OPENAI',
    weight: 2,
    failureRate: 0.08,
    steps: [
      checkQuota,
      step('fetch_usage', 'api_call', [5, 40], [200, 9_000]),
      step('merge_usage', 'bigquery_to_bigquery', [6, 25], [200, 9_000]),
    ],
    checkedTables: [],
    failures: [
      {
        step: 'fetch_usage',
        message: random =>
          `OpenAI answered 429 Too Many Requests: the organization’s rate limit was reached, retry in ${random.between(2, 58)} s.`,
      },
    ],
  },
  {
    id: 'security_findings',
    provider: 'GCP',
    weight: 1,
    failureRate: 0.04,
    steps: [
      checkQuota,
      step('extract', 'api_call', [20, 90], [50, 2_400]),
      dqChecks,
      step('notify', 'api_call', [1, 4]),
    ],
    checkedTables: [
      { name: 'security.findings', expectations: 9, fragile: [{ expectation: 'fresh_within', column: 'observed_at' }] },
    ],
    failures: [unavailable],
  },
  {
    id: 'crm_contacts_sync',
    provider: 'CRM',
    weight: 3,
    failureRate: 0.02,
    steps: [
      checkQuota,
      step('extract', 'api_call', [3, 12], [20, 900]),
      step('upsert_contacts', 'bigquery_to_bigquery', [2, 9], [20, 900]),
    ],
    checkedTables: [],
    failures: [unavailable],
  },
  {
    id: 'warehouse_snapshot',
    provider: 'GCP',
    weight: 1,
    failureRate: 0.15,
    steps: [
      checkQuota,
      step('copy_tables', 'bigquery_to_bigquery', [420, 1_150], [2_000_000, 6_400_000]),
      step('compact', 'bigquery_to_bigquery', [180, 600], [2_000_000, 6_400_000]),
      dqChecks,
    ],
    checkedTables: [
      {
        name: 'snapshots.orders',
        expectations: 6,
        fragile: [{ expectation: 'row_count_between' }, { expectation: 'not_null', column: 'order_id' }],
      },
    ],
    failures: [timedOut('copy_tables'), timedOut('compact')],
  },
];
