/** All calls of the data plane; the server, the OpenAPI document, /docs and the tests walk this one list. */
import { completeRun } from '@/lib/edge/v1/complete-run';
import type { V1Route } from '@/lib/edge/v1/define-route';
import { getRun } from '@/lib/edge/v1/get-run';
import { heartbeatRun } from '@/lib/edge/v1/heartbeat-run';
import { listRuns } from '@/lib/edge/v1/list-runs';
import { readDailyQuota } from '@/lib/edge/v1/read-daily-quota';
import { readHealth } from '@/lib/edge/v1/read-health';
import { readOpenApi } from '@/lib/edge/v1/read-openapi';
import { readQuota } from '@/lib/edge/v1/read-quota';
import { reportChecks } from '@/lib/edge/v1/report-checks';
import { reportSteps } from '@/lib/edge/v1/report-steps';
import { startRun } from '@/lib/edge/v1/start-run';
import { verifyKey } from '@/lib/edge/v1/verify-key';

export const routes: readonly V1Route[] = [
  verifyKey,
  readQuota,
  readDailyQuota,
  startRun,
  listRuns,
  heartbeatRun,
  completeRun,
  reportSteps,
  reportChecks,
  getRun,
  readHealth,
  readOpenApi(() => routes),
];
