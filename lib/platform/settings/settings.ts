/** Every setting of every process, with what it is and its default; read by lib/platform/env.ts. */
import { z } from 'zod';

const list = z
  .string()
  .default('')
  .transform(text =>
    text
      .split(',')
      .map(part => part.trim())
      .filter(Boolean),
  );
const flag = z.enum(['true', 'false']).transform(text => text === 'true');
const optionalUrl = z.url().optional();
const setting = <Type extends z.ZodType>(type: Type, text: string) => type.describe(text);

/** One entry a setting; the description becomes its line in `.env.example` and in docs/settings.md. */
export const settings = z.object({
  NODE_ENV: setting(z.enum(['development', 'test', 'production']).default('development'), 'Set by the runtime.'),
  LOG_LEVEL: setting(
    z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
    'Least severe log line written.',
  ),
  DATABASE_URL: setting(z.url(), 'Postgres 15 or later, the store where things are decided.'),
  DATABASE_POOL_SIZE: setting(
    z.coerce.number().int().min(2).max(200).default(10),
    'Postgres connections a process may hold.',
  ),
  REDIS_URL: setting(
    z.url({ protocol: /^rediss?$/ }).optional(),
    'Redis or Valkey in which all processes keep one count of each limit; without it each process counts for itself.',
  ),
  GOOGLE_CLOUD_PROJECT: setting(z.string().min(1), 'Google Cloud project that holds the datasets.'),
  BIGQUERY_LOCATION: setting(z.string().default('US'), 'Location of the datasets.'),
  LOGS_PROJECT_ID: setting(
    z.string().min(1).optional(),
    'Google Cloud project that holds the agent logs; GOOGLE_CLOUD_PROJECT unless set.',
  ),
  LOGS_DATASET: setting(
    z
      .string()
      .regex(/^(?!desk$)[a-z][a-z0-9_]{0,63}$/)
      .default('glass_logging_v2'),
    'End of the names of the datasets that hold the agent logs, after the customer’s own dataset. Changed, later rows go to others.',
  ),
  BIGQUERY_API_URL: setting(optionalUrl, 'Base URL of a local BigQuery; empty for the service.'),
  BIGQUERY_STORAGE_API_URL: setting(
    optionalUrl,
    'Base URL of a local BigQuery’s Storage Write (gRPC); empty for the service. A local BigQuery without it takes no streams.',
  ),
  BIGQUERY_MAX_BYTES_BILLED: setting(
    z.coerce.number().int().min(10_485_760).default(1_073_741_824),
    'Bytes one query may bill; the service bills at least 10 MiB a table.',
  ),
  BIGQUERY_QUESTIONS_PER_MINUTE: setting(
    z.coerce.number().int().min(1).max(100_000).default(300),
    'Questions a minute that one customer’s pages and calls may cost BigQuery; beyond, they show older rows.',
  ),
  BIGQUERY_USD_PER_TIB: setting(
    z.coerce.number().min(0).default(6.25),
    'List price in dollars of a TiB that queries bill, by which the mirror keeps its budget.',
  ),
  SQL_ANALYZER: setting(
    z.string().min(1).optional(),
    'Path of the SQL analyzer that decides what the query desk runs, built from lib/platform/sql-analyzer/analyzer; without it the desk is closed.',
  ),
  DESK_MAX_BYTES_PER_QUERY: setting(
    z.coerce.number().int().min(10_485_760).default(1_073_741_824),
    'Bytes that one query of the desk may bill; customers and keys may have less.',
  ),
  DESK_BYTES_PER_DAY: setting(
    z.coerce.number().int().min(0).default(107_374_182_400),
    'Bytes that all queries of one customer may bill on a UTC day; a customer may choose less.',
  ),
  MIRROR_MERGES_PER_SECOND: setting(
    z.coerce.number().min(1).max(1_000).default(30),
    'MERGEs a second of all workers together, two API requests each. A worker sends 45 at most, as the service takes 100 requests a second and user.',
  ),
  MIRROR_PARALLEL_MERGES: setting(
    z.coerce.number().int().min(1).max(500).default(128),
    'MERGEs a worker runs at the same time.',
  ),
  MIRROR_USD_PER_TENANT_MONTH: setting(
    z.coerce.number().min(0).default(2),
    'Dollars a month that mirroring one tenant may cost; towards that its tables are written less often, at least every 15 minutes.',
  ),
  MIRROR_USD_PER_MONTH: setting(
    z.coerce.number().min(0).default(200),
    'Dollars a month that the whole mirror may cost in any case, shared by the tenants that report; few get fresher rows by it.',
  ),
  PAGE_ROWS_SHOWN_SECONDS: setting(
    z.coerce.number().int().min(0).max(300).default(30),
    'Age up to which rows are shown at once while newer ones are loaded behind; a question costs one query in this time.',
  ),
  BIGQUERY_AUTO_TABLE_MANAGEMENT: setting(
    flag.default(true),
    'Whether datasets, tables and columns of events are made and widened as events need them. Leave it on: without it a missing table or column fails the rows, with BigQuery’s own error.',
  ),
  LOAD_JOBS_PER_DAY: setting(
    z.coerce.number().int().min(100).max(10_000_000).default(80_000),
    'Load jobs a UTC day that all loading of events together may send; the service takes 100,000 a project and day, failed ones included, a local BigQuery any number.',
  ),
  LOAD_INTERVAL_SECONDS: setting(
    z.coerce.number().int().min(1).max(3_600).default(60),
    'How often a busy table is loaded where the budget of jobs allows it; quiet ones up to hourly.',
  ),
  LOAD_STREAMS: setting(
    z.enum(['off', 'auto']).default('auto'),
    'Whether busy tables that the budget of load jobs cannot load so often are written by Storage Write streams (auto). Load jobs are free; streams cost money after 2 TiB a month and project.',
  ),
  LOAD_STREAM_BYTES_PER_DAY: setting(
    z.coerce.number().int().min(0).default(70_000_000_000),
    'Bytes a UTC day that may go by streams; beyond, load jobs carry all. The default stays below 2 TiB a month, which are free.',
  ),
  LOAD_REWRITE_MAX_BYTES: setting(
    z.coerce.number().int().min(0).default(1_073_741_824),
    'Bytes up to which a table is written anew to make a column STRING; in a larger one such values are discarded, to be replayed.',
  ),
  LOAD_MAX_COLUMNS: setting(
    z.coerce.number().int().min(50).max(9_000).default(2_000),
    'Columns that a table of events may have; the service takes 10,000.',
  ),
  LOAD_NEW_COLUMNS_PER_HOUR: setting(
    z.coerce.number().int().min(1).max(9_000).default(500),
    'New columns an hour and table, so that one bad release does not fill a table; what is beyond is discarded, to be allowed and replayed.',
  ),
  LINEAGE_EVENTS_PER_MINUTE: setting(
    z.coerce.number().int().min(1).max(1_000_000).default(6_000),
    'Events of OpenLineage that one customer may send a minute; beyond, senders are told to come again.',
  ),
  INGEST_SHARDS: setting(
    z.coerce.number().int().min(1).max(256).default(16),
    'Shards of the ingest log: the most processes that may take events at the same time.',
  ),
  INGEST_LOG_KEEP_HOURS: setting(
    z.coerce.number().min(0).max(720).default(24),
    'Hours the bodies of taken events are kept for the event tail after they were processed.',
  ),
  EVENT_RECEIPT_DAYS: setting(
    z.coerce.number().int().min(2).max(90).default(7),
    'Days that receipts of events, and discarded values for a replay, are kept.',
  ),
  TRACE_PARQUET_DIR: setting(
    z.string().min(1).default('.local/traces'),
    'Folder of the Parquet files of AI traces: one that all workers share, and whoever imports files.',
  ),
  TRACE_ARCHIVE_URL: setting(
    z
      .string()
      .regex(/^(gs:\/\/[a-z0-9._-]+(\/.*)?|file:\/\/\/.+)$/)
      .optional(),
    'Where Parquet files of AI traces older than 90 days go: gs://bucket/folder or file:///folder; without it none leaves.',
  ),
  KMS_KEY_NAME: setting(z.string().regex(/^projects\/.+\/cryptoKeys\/.+$/), 'Cloud KMS key that wraps data keys.'),
  AWS_PRINCIPAL_ARN: setting(
    z
      .string()
      .regex(/^arn:aws(-[a-z]+)*:iam::\d{12}:[\w+=,.@/-]+$/)
      .optional(),
    'The operator’s own AWS identity as customers name it in the trust policies of their roles; without it the portal shows no policy.',
  ),
  KMS_API_URL: setting(optionalUrl, 'Base URL of a local KMS; empty for the service.'),
  PORTAL_URL: setting(z.url(), 'Address of the portal as browsers see it; forms from other origins are refused.'),
  DATA_PLANE_URL: setting(
    optionalUrl,
    'Address of the data plane as senders of events see it, for the samples that pages show; empty where the portal answers its calls too.',
  ),
  NEXTAUTH_SECRET: setting(z.string().min(32), 'Secret that signs and encrypts session cookies.'),
  GOOGLE_CLIENT_ID: setting(z.string().min(1), 'OAuth client of the Google sign-in.'),
  GOOGLE_CLIENT_SECRET: setting(z.string().min(1), 'Secret of that OAuth client.'),
  GOOGLE_ISSUER: setting(
    z.url().default('https://accounts.google.com'),
    'OpenID issuer; another one only for local work.',
  ),
  GOOGLE_SUB_STABLE: setting(
    flag.default(true),
    'Whether the issuer keeps a person’s subject id; false for the local emulator.',
  ),
  STAFF_EMAILS: setting(list, 'Comma-separated verified addresses of support staff.'),
  STAFF_DOMAIN: setting(z.string().optional(), 'Google Workspace domain (hd) whose people are support staff.'),
  STRIPE_SECRET_KEY: setting(z.string().min(1), 'Stripe secret key.'),
  STRIPE_WEBHOOK_SECRETS: setting(list, 'Comma-separated signing secrets of the webhook endpoint; two while rotating.'),
  STRIPE_CONCURRENCY: setting(
    z.coerce.number().int().min(1).max(32).default(4),
    'Subscriptions a worker asks Stripe for at the same time.',
  ),
  STRIPE_API_URL: setting(optionalUrl, 'Base URL of a local Stripe; empty for the service.'),
  RESEND_API_KEY: setting(z.string().min(1), 'Resend key that sends mail.'),
  RESEND_API_URL: setting(optionalUrl, 'Base URL of a local mail service; empty for the service.'),
  MAIL_FROM: setting(z.string().min(3).default('Tenantry <notifications@example.com>'), 'Sender of mail.'),
  AWS_ACCESS_KEY_ID: setting(
    z.string().min(16).optional(),
    'Access key of the operator’s own AWS identity, which takes the roles that customers give; without it roles cannot be tested.',
  ),
  AWS_SECRET_ACCESS_KEY: setting(z.string().min(16).optional(), 'Secret of that access key.'),
  GCP_BASE_URL: setting(optionalUrl, 'Base URL of a local Google Cloud for connection tests; empty for the service.'),
  AWS_STS_URL: setting(optionalUrl, 'Base URL of a local AWS STS for connection tests; empty for the service.'),
  AZURE_LOGIN_URL: setting(optionalUrl, 'Base URL of a local Microsoft sign-in; empty for the service.'),
  AZURE_MANAGEMENT_URL: setting(optionalUrl, 'Base URL of a local Azure Resource Manager; empty for the service.'),
  OPENAI_BASE_URL: setting(optionalUrl, 'Base URL of a local OpenAI; empty for the service.'),
  ANTHROPIC_BASE_URL: setting(optionalUrl, 'Base URL of a local Anthropic; empty for the service.'),
  GITHUB_API_URL: setting(z.url().default('https://api.github.com'), 'Base URL of GitHub’s REST API.'),
  GITHUB_SYNC_MINUTES: setting(
    z.coerce.number().int().min(1).max(1_440).default(15),
    'Minutes between two looks at a connected GitHub repository; its webhook asks for one at once.',
  ),
  SLACK_WEBHOOK_BASE_URL: setting(optionalUrl, 'Base URL of local Slack webhooks; empty for the service.'),
  TRUSTED_PROXIES: setting(
    z.coerce.number().int().min(1).max(10).default(1),
    'Entries that our own proxies add to X-Forwarded-For: the caller is that many from its end. 2 behind a Google Cloud load balancer.',
  ),
  METRICS_TOKEN: setting(
    z.string().min(16).optional(),
    'Bearer token that /metrics asks for; without one only loopback may read.',
  ),
  PORT: setting(z.coerce.number().int().min(0).max(65535).default(8080), 'Port of the data plane.'),
  WORKER_PORT: setting(
    z.coerce
      .number()
      .int()
      .min(0)
      .max(65535)
      .optional()
      .meta({ examples: ['8081'] }),
    'Port of the worker’s health page, other than PORT where both share a machine; PORT where it is not set.',
  ),
  HOST: setting(z.string().default('127.0.0.1'), 'Address the data plane and the worker’s health page listen on.'),
  RUN_PENDING_HOURS: setting(
    z.coerce.number().int().min(1).max(720).default(24),
    'Hours a run that was asked for again waits for a worker before it is cancelled.',
  ),
  AUDIT_RETENTION_DAYS: setting(
    z.coerce.number().int().min(30).max(3_650).default(400),
    'Days the audit log shows; whole months beyond are archived.',
  ),
  AUDIT_ARCHIVE_URL: setting(
    z
      .string()
      .regex(/^(gs:\/\/[a-z0-9._-]+(\/.*)?|file:\/\/\/.+)$/)
      .optional(),
    'Where archived months of the audit log go: gs://bucket/folder or file:///folder; without it none leaves.',
  ),
  SUPPORT_CONTACT: setting(z.string().default('data-team@cloudact.ai'), 'Address that people are told to write to.'),
  SUPPORT_SLACK: setting(
    z.string().default('#data-engineering'),
    'Slack channel that help and error pages name; `none` for no channel.',
  ),
  SUPPORT_DOCUMENTATION_URL: setting(
    z.union([z.literal('none'), z.url()]).default('https://docs.cloudact.ai/bigquery-schemas'),
    'Documentation that help and error pages link to; `none` for no link.',
  ),
});
