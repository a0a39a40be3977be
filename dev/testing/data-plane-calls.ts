/** A good call of each route, as the walk over all of them sends it. */
import type { TestKey } from '@/dev/testing/data-plane';
import type { World } from '@/dev/testing/world';
import { newUuid } from '@/lib/platform/ids';

export type Scene = {
  world: World;
  suspended: World;
  key: TestKey;
  service: TestKey;
  revoked: TestKey;
  expired: TestKey;
  suspendedKey: TestKey;
  narrowService: TestKey;
  runId: string;
  foreignRunId: string;
  credentialId: string;
  foreignCredentialId: string;
  configId: string;
  foreignConfigId: string;
  messageId: string;
  foreignMessageId: string;
};
export type Subject = {
  path: (scene: Scene) => string;
  foreign?: (scene: Scene) => string;
  body?: (scene: Scene) => object;
};

/** A body of POST /v1/runs. */
export const runOfCalls = { pipeline_id: 'daily_costs', trigger_type: 'api', trigger_by: 'tests' };
const step = { step_name: 'load', step_type: 'bigquery_to_bigquery', step_index: 0, status: 'RUNNING' };
const check = {
  target_table: 'p.d.t',
  dq_config_id: 'suite',
  expectations_passed: 3,
  expectations_failed: 0,
  overall_status: 'PASS',
};
const none = () => ({});

/** A good call of each route; a route that is not here fails the first test. */
export const subjects: Record<string, Subject> = {
  verifyKey: { path: () => '/v1/keys/verify', body: scene => ({ key: scene.key.text }) },
  readQuota: { path: () => '/v1/quota' },
  readDailyQuota: { path: () => '/v1/quota/2026-01-31' },
  startRun: { path: () => '/v1/runs', body: () => runOfCalls },
  claimRun: { path: () => '/v1/runs/claim', body: none },
  heartbeatRun: {
    path: scene => `/v1/runs/${scene.runId}/heartbeat`,
    foreign: scene => `/v1/runs/${scene.foreignRunId}/heartbeat`,
    body: none,
  },
  cancelRun: {
    path: scene => `/v1/runs/${scene.runId}/cancel`,
    foreign: scene => `/v1/runs/${scene.foreignRunId}/cancel`,
    body: none,
  },
  completeRun: {
    path: scene => `/v1/runs/${scene.runId}/complete`,
    foreign: scene => `/v1/runs/${scene.foreignRunId}/complete`,
    body: () => ({ status: 'COMPLETED' }),
  },
  reportSteps: {
    path: scene => `/v1/runs/${scene.runId}/steps`,
    foreign: scene => `/v1/runs/${scene.foreignRunId}/steps`,
    body: () => ({ steps: [{ ...step, step_logging_id: newUuid(), start_time: new Date().toISOString() }] }),
  },
  reportChecks: {
    path: scene => `/v1/runs/${scene.runId}/dq-results`,
    foreign: scene => `/v1/runs/${scene.foreignRunId}/dq-results`,
    body: () => ({ dq_results: [{ ...check, dq_result_id: newUuid(), executed_at: new Date().toISOString() }] }),
  },
  listSteps: {
    path: scene => `/v1/runs/${scene.runId}/steps`,
    foreign: scene => `/v1/runs/${scene.foreignRunId}/steps`,
  },
  listChecks: {
    path: scene => `/v1/runs/${scene.runId}/dq-results`,
    foreign: scene => `/v1/runs/${scene.foreignRunId}/dq-results`,
  },
  listRuns: { path: () => '/v1/runs' },
  getRun: { path: scene => `/v1/runs/${scene.runId}`, foreign: scene => `/v1/runs/${scene.foreignRunId}` },
  fetchCredential: {
    path: scene => `/v1/credentials/${scene.credentialId}`,
    foreign: scene => `/v1/credentials/${scene.foreignCredentialId}`,
  },
  listProviderConfigs: { path: () => '/v1/provider-configs' },
  getProviderConfig: {
    path: scene => `/v1/provider-configs/${scene.configId}`,
    foreign: scene => `/v1/provider-configs/${scene.foreignConfigId}`,
  },
  getEvent: {
    path: scene => `/v1/events/${scene.messageId}`,
    foreign: scene => `/v1/events/${scene.foreignMessageId}`,
  },
  readOpenApi: { path: () => '/v1/openapi.json' },
  readHealth: { path: () => '/v1/health' },
};
