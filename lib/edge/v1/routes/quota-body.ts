/** A customer's quota as the data plane shows it; field names are those of customers.customer_usage_quotas. */
import { z } from 'zod';
import type { Quota } from '@/lib/domains/quotas/read-quota';
import type { QuotaSnapshot } from '@/lib/domains/quotas/rules';

const count = z.int().min(0);

const quotaFields = {
  usage_date: z.iso.date().meta({ description: 'UTC day of the counts.' }),
  pipelines_run_today: count.meta({ description: 'Runs started on that day.' }),
  daily_limit: count,
  pipelines_run_month: count,
  monthly_limit: count.nullable().meta({ description: 'Null without a limit.' }),
  concurrent_pipelines_running: count,
  concurrent_limit: count,
  quota_warning_sent: z.boolean().meta({ description: 'True from 80 % of the daily limit on.' }),
  quota_exceeded: z.boolean().meta({ description: 'True once the daily limit is reached; starts are refused.' }),
};

export const quotaSchema = z.strictObject(quotaFields).meta({ id: 'QuotaCounts' });

/** The counts after a run started or ended. */
export const quotaBody = (quota: QuotaSnapshot): z.output<typeof quotaSchema> => ({
  usage_date: quota.day,
  pipelines_run_today: quota.runsToday,
  daily_limit: quota.dailyLimit,
  pipelines_run_month: quota.runsMonth,
  monthly_limit: quota.monthlyLimit,
  concurrent_pipelines_running: quota.running,
  concurrent_limit: quota.concurrentLimit,
  quota_warning_sent: quota.warning,
  quota_exceeded: quota.exceeded,
});

/** The whole of it as it is now, with what resets when. */
export const quotaNow = z.strictObject({
  customer_id: z.string(),
  ...quotaFields,
  runs_allowed: z.boolean().meta({ description: 'False while the subscription or a suspension refuses every start.' }),
  refusal_reason: z.enum(['subscription_inactive', 'customer_suspended']).nullable(),
  api_calls_today: z.int(),
  api_calls_month: z.int(),
  api_calls_month_limit: z.int().nullable().meta({ description: 'Null without a limit.' }),
  resets_at: z.iso.datetime().meta({ description: 'When the counts of the day start anew.' }),
  month_resets_at: z.iso.datetime().meta({ description: 'When the counts of the month start anew.' }),
  as_of: z.iso.datetime(),
});

export const quotaNowBody = (customerId: string, quota: Quota): z.output<typeof quotaNow> => ({
  customer_id: customerId,
  ...quotaBody(quota),
  runs_allowed: quota.runsAllowed,
  refusal_reason: quota.refusalReason,
  api_calls_today: quota.apiCallsToday,
  api_calls_month: quota.apiCallsMonth,
  api_calls_month_limit: quota.apiCallsMonthLimit,
  resets_at: quota.resetsAt.toISOString(),
  month_resets_at: quota.monthResetsAt.toISOString(),
  as_of: quota.asOf.toISOString(),
});
