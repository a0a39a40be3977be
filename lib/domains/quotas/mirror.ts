/** usage_days → customers.customer_usage_quotas; API calls arrive at most 6 minutes late, refusals 2. */
import { type UsageDay, usageDays } from '@/lib/domains/quotas/tables';
import { defineMirror } from '@/lib/warehouse/mirror/define-mirror';
import { mirrorSource } from '@/lib/warehouse/mirror/mirror-source';
import { type CustomerUsageQuotasRow, tables } from '@/lib/warehouse/rows/customers';

export const usageDaysMirror = defineMirror<UsageDay, CustomerUsageQuotasRow>({
  name: 'customers.customer_usage_quotas',
  shape: tables.customer_usage_quotas,
  mode: 'upsert',
  ...mirrorSource(usageDays, { key: usageDays.usageId, customer: usageDays.customerId }),
  keyOf: day => day.usageId,
  customerOf: day => day.customerId,
  toRow: day => ({
    usage_id: day.usageId,
    customer_id: day.customerId,
    usage_date: day.usageDate,
    pipelines_run_today: day.runs,
    pipelines_failed_today: day.failed,
    pipelines_succeeded_today: day.succeeded,
    pipelines_cancelled_today: day.cancelled,
    pipelines_run_month: day.runsMonth,
    concurrent_pipelines_running: day.running,
    max_concurrent_reached: day.maxRunning,
    daily_limit: day.dailyLimit,
    monthly_limit: day.monthlyLimit,
    concurrent_limit: day.concurrentLimit,
    quota_exceeded: day.exceeded,
    quota_warning_sent: day.warningSent,
    quota_exceeded_at: day.exceededAt,
    total_api_calls_today: day.apiCalls - day.callsUnmirrored,
    total_storage_used_gb: day.storageGb,
    last_updated: day.lastUpdated,
    last_pipeline_started_at: day.lastStartedAt,
    last_pipeline_completed_at: day.lastCompletedAt,
    pipelines_refused_today: day.refused - day.refusedUnmirrored,
  }),
});
