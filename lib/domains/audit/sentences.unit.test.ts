/** Every action of the product is told in words: no instant, id or name of a column as the machine writes it. */
import { expect, test } from 'vitest';
import type { AuditEntryRow } from '@/lib/domains/audit/queries';
import { auditActions, targetTypes } from '@/lib/domains/audit/rules';
import { sentenceOf, viewOf } from '@/lib/domains/audit/view';

const uuid = '0ac33459-7d1e-4c64-9b52-8d2f3f0f6a11';
const instant = '2026-11-29T10:00:00.000Z';

/** Every field that a sentence may speak of, as the log stores it, before and after. */
const before = {
  key_prefix: 'ty_live_ab12',
  role: 'VIEWER',
  status: 'PAST_DUE',
  plan: 'STARTER',
  plan_name: 'STARTER',
  subscription_status: 'PAST_DUE',
  trial_end_date: '2026-11-24',
  rate_limit_tier: 'STANDARD',
  max_active_keys: 10,
  max_events_per_month: 100_000,
  keep_days: null,
  amount_usd: '100.00',
  query_name: 'Failed runs',
  max_bytes_per_query: 1_073_741_824,
  expires_at: instant,
};
const after = {
  ...before,
  role: 'ADMIN',
  status: 'REPLACED',
  plan: null,
  plan_name: 'PROFESSIONAL',
  scheduled_plan: 'SCALE',
  scheduled_at: instant,
  payment: { invoice_id: 'in_1Q2w3E4r5T', amount_due_cents: 19_900 },
  rate_limit_tier: 'HIGH',
  max_active_keys: 20,
  max_events_per_month: 2_000_000,
  keep_days: 90,
  amount_usd: '250.00',
  query_name: 'Failed runs by pipeline',
  max_bytes_per_query: 10_485_760,
  tables: ['commits', 'sessions'],
  estimated_bytes: 20_971_520,
  previous_until: instant,
  invitation_expires_at: instant,
  effective_from: '2026-12-01',
  from: '2026-11-01',
  to: '2026-11-30',
  outcome: 'requires_action',
  login: 'jo-lind',
  deactivated: [{ api_key_id: uuid, expires_at: instant }],
  credentials: [uuid, uuid],
  rows: 12,
  values: 3,
  taken: 5,
  run: uuid,
  checkout_session: 'cs_test_a1B2c3D4e5',
  copy_of: 'cfg_u6q3rcpmwtn2zv8qs54s',
};

const entryOf = (action: string, changes: Partial<AuditEntryRow>): AuditEntryRow => ({
  audit_id: 'a',
  sequence: 1,
  occurrences: 1,
  occurred_at: new Date(instant),
  actor_type: 'service',
  actor_id: uuid,
  action,
  target_type: 'api_key',
  target_id: uuid,
  outcome: 'ok',
  before: null,
  after: null,
  request_id: 'req_1',
  ip_prefix: null,
  user_agent: null,
  ...changes,
});

const ids = [
  'cus_9f3k2m5n7p',
  uuid,
  'req_8Hs62kd91Ls0',
  '12845093',
  '9f86d081884c7d659a2feaa0c55ad015',
  'acme_tenant.etl_runs',
];
const told = (action: string, changes: Partial<AuditEntryRow>): string => {
  const view = viewOf(entryOf(action, changes), new Map());
  return `${view.actor} ${sentenceOf(view)}`;
};

/** The start of a key is what people tell keys apart by. */
const withoutKeyStarts = (text: string) => text.replaceAll(/\(ty_live_\w+…\)/g, '');
const machineWords =
  /\d{4}-\d{2}-\d{2}|[0-9a-f]{8}-[0-9a-f]{4}-|\b[A-Za-z0-9]+_[A-Za-z0-9_]+|\b[0-9a-f]{16,}\b|\b\d{6,}\b|\{\}|undefined|null|NaN/;

const unsound = / {2}| [;,.:]|\b(a|an|the|of|for|as|by)$/;
const targets = [
  ...Object.keys(targetTypes).map(target_type => ({ target_type, target_id: uuid })),
  ...ids.map(target_id => ({ target_type: 'run', target_id })),
];

test.each(Object.keys(auditActions))('%s is told without instants, ids and names of columns', action => {
  const sentences = targets.flatMap(target => [
    told(action, target),
    told(action, { ...target, before, after }),
    told(action, { ...target, before, after: { ...after, name: 'ci-loader' } }),
  ]);
  const wrong = sentences.filter(text => machineWords.test(withoutKeyStarts(text)) || unsound.test(text));
  expect(wrong).toEqual([]);
});

const member = { email: 'jo@acme.example', status: 'ACTIVE' };
test.each<[string, Partial<AuditEntryRow>, string]>([
  [
    'team.change_role',
    {
      target_type: 'member',
      target_id: 'm1',
      before: { ...member, role: 'VIEWER' },
      after: { ...member, role: 'ADMIN' },
    },
    'changed the role of Jo Lind from Viewer to Admin',
  ],
  [
    'api_key.rotate',
    {
      before: { name: 'ci-loader', key_prefix: 'ty_live_ab12', status: 'ACTIVE' },
      after: { name: 'ci-loader', status: 'REPLACED', expires_at: instant, replacement: { name: 'ci-loader' } },
    },
    'rotated API key ci-loader (ty_live_ab12…); the old one works until 29 Nov 2026, 10:00 UTC',
  ],
  [
    'api_key.rename',
    { before: { name: 'loader' }, after: { name: 'ci-loader' } },
    'renamed API key loader to “ci-loader”',
  ],
  [
    'ai_budget.edit',
    {
      target_type: 'ai_budget',
      before: { scope: 'repository', subject: 'acme/shop', amount_usd: '100.00' },
      after: { scope: 'repository', subject: 'acme/shop', amount_usd: '250.00' },
    },
    'changed an AI budget for the repository acme/shop from $100.00 to $250.00',
  ],
  [
    'subscription.change_plan',
    { target_type: 'subscription', before: { plan: 'STARTER' }, after: { plan: 'PROFESSIONAL' } },
    'changed the plan from Starter to Professional',
  ],
  [
    'trace_retention.set',
    { target_type: 'customer', before: { keep_days: null }, after: { keep_days: 90 } },
    'set how long rows of AI usage are kept from for ever to 90 days',
  ],
  [
    'identity.confirm',
    { target_type: 'developer', target_id: 'jo@acme.example', after: { login: 'jo-lind' } },
    'said who developer jo@acme.example is: “jo-lind” on GitHub',
  ],
  [
    'run.cancel',
    { target_type: 'run', before: { [uuid]: 'RUNNING' }, after: { [uuid]: 'cancelled' } },
    'cancelled runs (1 run)',
  ],
])('%s says what changed', (action, changes, sentence) => {
  expect(sentenceOf(viewOf(entryOf(action, changes), new Map([['member:m1', 'Jo Lind']])))).toBe(sentence);
});
