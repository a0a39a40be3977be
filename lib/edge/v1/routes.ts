/** All calls of the data plane; the server, the OpenAPI document, /docs and the tests walk these lists. */

import { agentEventsRoute, agentSnapshotsRoute } from '@/lib/edge/v1/agent/routes';
import { collectRoutes } from '@/lib/edge/v1/collect/routes';
import type { DocumentedRoute, V1Route } from '@/lib/edge/v1/define-route';
import { lineageBatchRoute, lineageRoute } from '@/lib/edge/v1/lineage/routes';
import { mcpRoute } from '@/lib/edge/v1/mcp/routes';
import { cancelRun } from '@/lib/edge/v1/routes/cancel-run';
import { claimRun } from '@/lib/edge/v1/routes/claim-run';
import { completeRun } from '@/lib/edge/v1/routes/complete-run';
import { fetchCredential } from '@/lib/edge/v1/routes/fetch-credential';
import { getConfig } from '@/lib/edge/v1/routes/get-config';
import { getEvent } from '@/lib/edge/v1/routes/get-event';
import { getRun } from '@/lib/edge/v1/routes/get-run';
import { heartbeatRun } from '@/lib/edge/v1/routes/heartbeat-run';
import { listChecks } from '@/lib/edge/v1/routes/list-checks';
import { listConfigs } from '@/lib/edge/v1/routes/list-configs';
import { listRuns } from '@/lib/edge/v1/routes/list-runs';
import { listSteps } from '@/lib/edge/v1/routes/list-steps';
import { readDailyQuota } from '@/lib/edge/v1/routes/read-daily-quota';
import { readHealth } from '@/lib/edge/v1/routes/read-health';
import { readOpenApi } from '@/lib/edge/v1/routes/read-openapi';
import { readQuota } from '@/lib/edge/v1/routes/read-quota';
import { reportChecks } from '@/lib/edge/v1/routes/report-checks';
import { reportSteps } from '@/lib/edge/v1/routes/report-steps';
import { startRun } from '@/lib/edge/v1/routes/start-run';
import { verifyKey } from '@/lib/edge/v1/routes/verify-key';
import { tracesRoute } from '@/lib/edge/v1/traces/routes';

export const routes: readonly V1Route[] = [
  verifyKey,
  readQuota,
  readDailyQuota,
  startRun,
  listRuns,
  claimRun,
  heartbeatRun,
  cancelRun,
  completeRun,
  reportSteps,
  listSteps,
  reportChecks,
  listChecks,
  getRun,
  fetchCredential,
  listConfigs,
  getConfig,
  getEvent,
  readHealth,
  readOpenApi(() => documentedRoutes),
];

/** Those, and the calls that take lineage, traces, the agent log and events, and MCP, which have pipelines of their own. */
export const documentedRoutes: readonly DocumentedRoute[] = [
  ...routes,
  lineageRoute,
  lineageBatchRoute,
  tracesRoute,
  agentEventsRoute,
  agentSnapshotsRoute,
  mcpRoute,
  ...collectRoutes,
];
