/** A customer's quota as the data plane shows it; field names are those of customers.customer_usage_quotas. */
import { z } from 'zod';
import type { QuotaSnapshot } from '@/lib/domains/quotas/rules';

const count = z.int().min(0);

export const quotaFields = {
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
