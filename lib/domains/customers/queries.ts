/**
 * What staff ask about customers; each question leaves an audit row.
 * Source: docs/spec/003-customers-dataset.md, Monitoring Queries.
 */
import { z } from 'zod';
import { customerStatuses } from '@/lib/domains/customers/rules';
import { defineStaffQuery } from '@/lib/warehouse/query/define-query';
import { customerProfilesRow } from '@/lib/warehouse/rows/customers';

/** Customers in one of the statuses (ACTIVE and TRIAL by default), newest first. Source: docs/spec/requirements.md, C-51. */
export const listActiveCustomers = defineStaffQuery({
  name: 'customer.list_active',
  sql: 'customers/list-active.sql',
  params: z.strictObject({ statuses: z.array(z.enum(customerStatuses)).min(1).default(['ACTIVE', 'TRIAL']) }),
  bind: ({ statuses }) => ({ statuses: { type: 'ARRAY<STRING>', value: statuses } }),
  row: customerProfilesRow.pick({
    customer_id: true,
    company_name: true,
    subscription_plan: true,
    status: true,
    created_at: true,
  }),
});

/** Trials that end within `days` (7 by default), today included, soonest first. Source: docs/spec/requirements.md, C-54. */
export const listTrialsEnding = defineStaffQuery({
  name: 'customer.list_trials_ending',
  sql: 'customers/list-trials-ending.sql',
  params: z.strictObject({ days: z.int().min(0).max(60).default(7) }),
  bind: ({ days }) => ({ days: { type: 'INT64', value: days } }),
  row: customerProfilesRow
    .pick({ customer_id: true, company_name: true, admin_email: true, subscription_plan: true, trial_end_date: true })
    .extend({ days_remaining: z.int() }),
});
