/** Where a customer's agent log lies in BigQuery. Source: docs/spec/000-agent-log.md, Dataset Layout. */
import type { BigQuery } from '@google-cloud/bigquery';
import { createBigQuery } from '@/lib/platform/bigquery/bigquery';
import { env } from '@/lib/platform/env';
import { processWide } from '@/lib/platform/process-wide';
import type { tables } from '@/lib/warehouse/rows/agent';

/** The project that holds all agent logs. */
export const logsProjectId = (): string => env().LOGS_PROJECT_ID ?? env().GOOGLE_CLOUD_PROJECT;

/** The dataset of a customer's agent log, by the customer's own dataset. */
export const agentDatasetOf = (tenantDatasetId: string): string => `${tenantDatasetId}_${env().LOGS_DATASET}`;

/** The process's client of the project that holds the agent logs: its tables are made there, and its loads run there. */
export const logsBigQuery = (): BigQuery =>
  processWide('logs-bigquery', () => createBigQuery({ projectId: logsProjectId(), apiUrl: env().BIGQUERY_API_URL }));

/** A table of a customer's agent log as statements name it. */
export const agentTable = (tenantDatasetId: string, table: keyof typeof tables): string =>
  `\`${logsProjectId()}.${agentDatasetOf(tenantDatasetId)}.${table}\``;
