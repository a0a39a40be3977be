/** A message of each event, as the tests of what mails and channels say take them. */
import type { Told } from '@/lib/domains/notifications/contents/content';
import type { EventName } from '@/lib/domains/notifications/events';

const at = '2026-11-21T02:09:14.000Z';
export const token = 'a-token_123';

/** One message of each event, with what its mail must say in both parts. */
export const samples: {
  [Name in EventName]: { data: Told<Name>['data']; subject: string; says: string[]; link?: string };
} = {
  quota_warning: {
    data: { day: '2026-11-21', runs: 20, daily_limit: 25 },
    subject: '20 of 25 runs used today in Acme',
    says: ['at least 80 % of its pipeline runs of 21 Nov 2026', 'refused until 00:00 UTC'],
    link: '/usage',
  },
  quota_exceeded: {
    data: { day: '2026-11-21', runs: 25, daily_limit: 25 },
    subject: 'Daily run limit reached in Acme: 25 of 25',
    says: ['used all of its pipeline runs of 21 Nov 2026', 'Runs that have started go on.'],
    link: '/usage',
  },
  events_warning: {
    data: { month: '2026-11-01', events: 80_012, monthly_limit: 100_000 },
    subject: '80,012 of 100,000 events used this month in Acme',
    says: ['at least 80 % of its events of November 2026', 'refused until the month ends'],
    link: '/usage',
  },
  events_reached: {
    data: { month: '2026-11-01', events: 1_000_003, monthly_limit: 1_000_000 },
    subject: 'Monthly event limit reached in Acme: 1,000,003 of 1,000,000',
    says: ['used all of its events of November 2026', 'a larger plan takes more at once'],
    link: '/usage',
  },
  ai_budget_warning: {
    data: {
      budget_id: 'bud_1',
      about: 'the repository acme/shop',
      month: '2026-11-01',
      spent_usd: 80.2,
      amount_usd: 100,
      unpriced: 0,
    },
    subject: 'AI budget of Acme at 80 %: $80.20 of $100.00 for the repository acme/shop',
    says: ['In November 2026 Acme has used at least 80 % of its budget', 'no request is refused', '$80.20 of $100.00'],
    link: '/traces/budgets',
  },
  ai_budget_reached: {
    data: {
      budget_id: 'bud_1',
      about: 'all AI usage',
      month: '2026-11-01',
      spent_usd: 1_250.5,
      amount_usd: 1_200,
      unpriced: 3_000,
    },
    subject: 'AI budget of Acme is used: at least $1,250.50 of $1,200.00 for all AI usage',
    says: ['has used all of its budget for all AI usage', 'at least $1,250.50 of $1,200.00', '3,000 requests'],
    link: '/traces/budgets',
  },
  run_failed: {
    data: {
      pipeline_id: 'daily_costs',
      run_id: '0b2f4f0e-5a53-4c55-9c33-3a2c0f6a7c11',
      hour: '2026-11-21T02:00:00.000Z',
      started_at: '2026-11-21T02:00:05.000Z',
      ended_at: at,
      error_message: 'Not found: table p.d.t',
    },
    subject: 'Pipeline daily_costs failed in Acme',
    says: ['daily_costs failed', '21 Nov 2026, 02:09 UTC', 'Not found: table p.d.t', 'no further message'],
    link: '/runs/0b2f4f0e-5a53-4c55-9c33-3a2c0f6a7c11',
  },
  config_run_failed: {
    data: {
      config_id: 'cfg_1',
      name: 'Costs',
      pipeline_id: 'gcp_cost',
      run_id: '3f0c1c1e-6b0a-4b3e-9d58-0c3b2f0f3c11',
      hour: '2026-11-21T02:00:00.000Z',
      error_message: 'boom',
    },
    subject: 'Pipeline gcp_cost of “Costs” failed in Acme',
    says: ['Costs', 'boom'],
    link: '/runs/3f0c1c1e-6b0a-4b3e-9d58-0c3b2f0f3c11',
  },
  slack_test: {
    data: { config_id: 'cfg_1', name: 'Costs', at: '2026-11-21T02:00:00.000Z' },
    subject: 'Test message of “Costs”',
    says: ['Costs'],
    link: '/providers/cfg_1',
  },
  schedule_missed: {
    data: {
      about_id: 'cfg_1',
      day: '2026-11-21',
      config_id: 'cfg_1',
      name: 'Billing of acme-prod',
      scheduled_for: '2026-11-21T02:00:00.000Z',
      run_id: '0b2f4f0e-5a53-4c55-9c33-3a2c0f6a7c11',
      reason: 'unclaimed',
    },
    subject: '“Billing of acme-prod” did not run in Acme',
    says: [
      'no worker claimed the run before its next time',
      '21 Nov 2026, 02:00 UTC',
      'Check that a worker is running',
    ],
    link: '/runs/0b2f4f0e-5a53-4c55-9c33-3a2c0f6a7c11',
  },
  failure_review: {
    data: {
      from: '2026-11-16',
      to: '2026-11-22',
      failed: 9,
      kinds: 6,
      top: [
        { pattern: 'Access denied on table <path>', runs: 4 },
        { pattern: 'timed out after <n> s', runs: 1 },
      ],
    },
    subject: '9 runs failed in Acme from 16 Nov 2026 to 22 Nov 2026',
    says: ['by 6 kinds of errors', 'the 2 most frequent', '4 runs: Access denied on table', '1 run: timed out after'],
    link: '/pipelines/errors?from=2026-11-16&to=2026-11-22',
  },
  credential_failing: {
    data: { credential_id: 'crd_1', name: 'prod-gcp', provider: 'Google Cloud', failing_since: at, reason: 'revoked' },
    subject: 'Credential “prod-gcp” is failing in Acme',
    says: ['Google Cloud has rejected this credential since 21 Nov 2026, 02:09 UTC', 'revoked'],
    link: '/credentials/crd_1',
  },
  key_expires: {
    data: { api_key_id: 'key_1', name: 'etl', expires_at: at, mark: 7, days_left: 7 },
    subject: 'API key “etl” of Acme expires in 7 days',
    says: ['refused from 21 Nov 2026, 02:09 UTC on', 'Rotate it'],
    link: '/keys/key_1',
  },
  credential_expires: {
    data: { credential_id: 'crd_1', name: 'prod', provider: 'OpenAI', expires_at: at, mark: 7, days_left: 7 },
    subject: 'Credential “prod” of Acme expires in 7 days',
    says: ['OpenAI refuses it from 21 Nov 2026, 02:09 UTC on', 'rotate the credential'],
    link: '/credentials/crd_1',
  },
  trial_ends: {
    data: { trial_end_date: '2026-11-24', mark: 1, days_left: 1, plan: 'STARTER' },
    subject: 'The trial of Acme ends in 1 day',
    says: ['The Starter trial of Acme ends on 24 Nov 2026.', 'nothing is charged before the trial is over'],
    link: '/billing',
  },
  trial_ended: {
    data: { trial_end_date: '2026-11-24', plan: 'STARTER' },
    subject: 'The trial of Acme has ended',
    says: ['The Starter trial of Acme ended on 24 Nov 2026. New runs are refused.', 'stay readable'],
    link: '/billing',
  },
  payment_failed: {
    data: {
      invoice_id: 'in_1',
      attempt: 1,
      amount_cents: 19_900,
      currency: 'usd',
      reason: 'card declined',
      runs_until: '2026-11-27',
    },
    subject: 'A payment of Acme failed: $199.00',
    says: ['$199.00 could not be charged for Acme.', 'Runs are accepted up to 27 Nov 2026.', 'card declined'],
    link: '/billing',
  },
  invitation: {
    data: { member_id: 'mem_1', invited_by: 'olivia@acme.example', role: 'ADMIN', expires_at: at },
    subject: 'olivia@acme.example invited you to Acme on Tenantry',
    says: ['invited you to Acme as Admin', 'ends on 21 Nov 2026, 02:09 UTC', 'If you do not know them, ignore it'],
    link: `/invitations/${token}`,
  },
  role_changed: {
    data: { member_id: 'mem_1', from: 'VIEWER', to: 'OWNER', changed_by: 'Olivia Owner', changed_at: at },
    subject: 'Your role in Acme is now Owner',
    says: ['Olivia Owner changed your role from Viewer to Owner on 21 Nov 2026, 02:09 UTC', 'cannot be turned off'],
    link: '/',
  },
  member_removed: {
    data: { member_id: 'mem_1', removed_by: 'Olivia Owner', removed_at: at },
    subject: 'You no longer have access to Acme',
    says: ['Olivia Owner removed you from Acme on 21 Nov 2026, 02:09 UTC', 'cannot be turned off'],
  },
  deletion_requested: {
    data: { requested_by: 'Olivia Owner', requested_at: at, final_at: '2026-12-21T02:09:14.000Z' },
    subject: 'Acme will be deleted on 21 Dec 2026',
    says: ['Olivia Owner asked for it on 21 Nov 2026, 02:09 UTC', 'Until then an owner can stop it'],
    link: '/settings/danger',
  },
  deletion_withdrawn: {
    data: { withdrawn_by: 'Otto Owner', withdrawn_at: at },
    subject: 'Acme stays: its deletion was stopped',
    says: ['Otto Owner stopped the deletion on 21 Nov 2026, 02:09 UTC'],
    link: '/',
  },
};
