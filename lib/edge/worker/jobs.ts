/** Every job of the product. */
import { sealChainsJob } from '@/lib/domains/agent-log/checkpoints/jobs';
import { eraseUsersJob } from '@/lib/domains/agent-log/erasure/jobs';
import { forgetEventIdsJob } from '@/lib/domains/agent-log/process/jobs';
import { archiveJob, prepareMonthsJob } from '@/lib/domains/audit/jobs';
import { endOverlapsJob, mirrorUsageJob, notifyExpiryJob, validateAllJob } from '@/lib/domains/credentials/jobs';
import { forgetQueriesJob, settleQueriesJob } from '@/lib/domains/desk/jobs';
import { forgetReceiptsJob } from '@/lib/domains/events/receipts/jobs';
import { tellEventUseJob } from '@/lib/domains/events/volume/jobs';
import { deactivateExpiredJob, forgetCallsJob, mirrorLastUsedJob } from '@/lib/domains/keys/jobs';
import { forgetLineageJob } from '@/lib/domains/lineage/jobs';
import {
  forgetNotificationsJob,
  notifyKeyExpiryJob,
  notifyTrialEndsJob,
  reviewFailuresJob,
} from '@/lib/domains/notifications/jobs';
import { eraseJob, provisionJob } from '@/lib/domains/organizations/jobs';
import { forgetDeliveriesJob } from '@/lib/domains/pull-requests/repositories/jobs';
import {
  forgetIdempotencyKeysJob,
  mirrorCallsJob,
  reconcileJob as reconcileQuotasJob,
} from '@/lib/domains/quotas/jobs';
import { forgetEventsJob, reconcileJob as reconcileBillingJob } from '@/lib/domains/subscriptions/jobs';
import { reportMonthJob } from '@/lib/domains/subscriptions/reports/report-jobs';
import { followDeadlinesJob, followDeletionsJob } from '@/lib/domains/subscriptions/standing/deadline-jobs';
import { measureBudgetsJob } from '@/lib/domains/traces/budgets/jobs';
import { forgetTraceOwnersJob } from '@/lib/domains/traces/collect/jobs';
import { archiveParquetJob } from '@/lib/domains/traces/parquet/jobs';
import { repriceTracesJob } from '@/lib/domains/traces/prices/reprice/jobs';
import { expireTracesJob } from '@/lib/domains/traces/retention/jobs';
import { endSilentRunsJob } from '@/lib/domains/traces/runs/jobs';
import { registerAllMirrors } from '@/lib/edge/worker/mirrors';
import { settleDenialsJob } from '@/lib/kernel/audit/audit-jobs';
import { forgetRunsJob } from '@/lib/kernel/forget-job-runs';
import { registerJobs } from '@/lib/kernel/jobs';

const allJobs = [
  archiveJob,
  archiveParquetJob,
  deactivateExpiredJob,
  endOverlapsJob,
  endSilentRunsJob,
  mirrorUsageJob,
  notifyExpiryJob,
  eraseJob,
  eraseUsersJob,
  expireTracesJob,
  followDeadlinesJob,
  followDeletionsJob,
  forgetCallsJob,
  forgetDeliveriesJob,
  forgetEventIdsJob,
  forgetEventsJob,
  forgetIdempotencyKeysJob,
  forgetLineageJob,
  forgetNotificationsJob,
  forgetQueriesJob,
  forgetReceiptsJob,
  forgetRunsJob,
  forgetTraceOwnersJob,
  measureBudgetsJob,
  mirrorCallsJob,
  mirrorLastUsedJob,
  prepareMonthsJob,
  provisionJob,
  reconcileBillingJob,
  reconcileQuotasJob,
  reportMonthJob,
  repriceTracesJob,
  reviewFailuresJob,
  sealChainsJob,
  settleDenialsJob,
  settleQueriesJob,
  tellEventUseJob,
  validateAllJob,
  notifyKeyExpiryJob,
  notifyTrialEndsJob,
];

/** Makes every job known to this process, and the mirrors that they write to. */
export function registerAllJobs(): void {
  registerAllMirrors();
  registerJobs(allJobs);
}
