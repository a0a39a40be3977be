/** What pages ask BigQuery about use and limits. Figures that must be right to the millisecond: read-quota.ts. */
import { z } from 'zod';
import { customerStatuses } from '@/lib/domains/customers/rules';
import { utcDayInput } from '@/lib/kernel/input';
import { defineQuery, defineStaffQuery } from '@/lib/warehouse/query/define-query';
import { customerProfilesRow, customerUsageQuotasRow } from '@/lib/warehouse/rows/customers';

/** Why changes on their way are not laid over these rows. */
const byMachines =
  'Machines change these rows all day; today’s exact figures are the counter’s, which Postgres answers.';
const maxDays = 800;
const dayMs = 86_400_000;

/** One row for each UTC day with use, oldest first; a day without a row was not measured. */
export const listDays = defineQuery({
  name: 'quota.list_days',
  permission: 'quota:read',
  sql: 'quotas/list-days.sql',
  params: z
    .strictObject({ fromDay: utcDayInput, toDay: utcDayInput })
    .refine(({ fromDay, toDay }) => Date.parse(toDay) - Date.parse(fromDay) < maxDays * dayMs && fromDay <= toDay, {
      path: ['fromDay'],
      message: `Choose a period of 1 to ${maxDays} days.`,
    }),
  bind: ({ fromDay, toDay }) => ({
    from_day: { type: 'DATE', value: fromDay },
    to_day: { type: 'DATE', value: toDay },
  }),
  row: customerUsageQuotasRow.omit({ usage_id: true, customer_id: true }),
  withoutOverlay: byMachines,
});
export type QuotaDay = Awaited<ReturnType<typeof listDays>>['rows'][number];

/**
 * The quota of one UTC day; no row for a day without use.
 * Source: docs/spec/003-customers-dataset.md, get_daily_quota; docs/spec/requirements.md, C-49.
 */
export const getDailyQuota = defineQuery({
  name: 'quota.get_day',
  permission: 'quota:read',
  sql: 'quotas/get-daily-quota.sql',
  params: z.strictObject({ day: utcDayInput }),
  bind: params => ({ usage_date: { type: 'DATE', value: params.day } }),
  row: customerUsageQuotasRow.pick({
    pipelines_run_today: true,
    daily_limit: true,
    quota_exceeded: true,
    concurrent_pipelines_running: true,
    concurrent_limit: true,
  }),
  withoutOverlay: byMachines,
});

/**
 * Today's use of every customer in one of the statuses (ACTIVE by default), highest first.
 * Source: docs/spec/003-customers-dataset.md; docs/spec/requirements.md, C-52.
 */
export const listQuotaUtilization = defineStaffQuery({
  name: 'quota.list_utilization',
  sql: 'quotas/list-quota-utilization.sql',
  params: z.strictObject({ statuses: z.array(z.enum(customerStatuses)).min(1).default(['ACTIVE']) }),
  bind: ({ statuses }) => ({ statuses: { type: 'ARRAY<STRING>', value: statuses } }),
  row: customerProfilesRow
    .pick({ customer_id: true, company_name: true, status: true, subscription_plan: true })
    .extend(
      customerUsageQuotasRow.pick({
        usage_date: true,
        pipelines_run_today: true,
        daily_limit: true,
        quota_exceeded: true,
      }).shape,
    )
    .extend({ utilization_pct: z.number().nullable() }),
});
