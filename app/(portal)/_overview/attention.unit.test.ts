import { expect, test } from 'vitest';
import { type AttentionFacts, attentionItems } from '@/app/(portal)/_overview/attention';

const now = new Date('2026-11-21T02:09:14Z');
const inDays = (days: number) => new Date(now.getTime() + days * 86_400_000);
const key = (name: string, days: number) => ({ id: `key_${name}`, name, expiresAt: inDays(days) });
const calm: AttentionFacts = {
  now,
  banners: [],
  failingPipelines: [],
  failingTables: [],
  credentials: [],
  configs: { backingOff: [], missed: [] },
  expiringKeys: [],
  expiredKeys: [],
  seats: { used: 1, limit: 2 },
  budgets: [],
  mayWriteKeys: true,
};
const texts = (facts: Partial<AttentionFacts>) => attentionItems({ ...calm, ...facts }).map(item => item.text);

test('a calm organization needs nothing', () => expect(attentionItems(calm)).toEqual([]));

test('a key that ends soon can be rotated by those who may, and is only told to others', () => {
  const expiringKeys = [key('etl', 4)];
  expect(attentionItems({ ...calm, expiringKeys })).toEqual([
    {
      id: 'key_etl',
      tone: 'warn',
      text: 'Key “etl” expires in 4 days',
      action: { label: 'Rotate', href: '/keys/key_etl/rotate' },
    },
  ]);
  expect(attentionItems({ ...calm, expiringKeys, mayWriteKeys: false })[0]).not.toHaveProperty('action');
});

test('pipelines that failed lately are told, three by their names', () => {
  const failing = (pipeline_id: string, failed: number, hoursAgo: number) => ({
    pipeline_id,
    failed,
    last_failed_at: new Date(now.getTime() - hoursAgo * 3_600_000),
    last_run_id: `run_${pipeline_id}`,
  });
  const failingPipelines = [failing('costs', 1, 2), failing('sales', 1_200, 3), failing('a', 1, 4), failing('b', 1, 5)];
  expect(attentionItems({ ...calm, failingPipelines: failingPipelines.slice(0, 2) })).toEqual([
    {
      id: 'run-costs',
      tone: 'bad',
      text: 'Pipeline “costs” failed 2 h ago',
      action: { label: 'Open run', href: '/runs/run_costs' },
    },
    {
      id: 'run-sales',
      tone: 'bad',
      text: 'Pipeline “sales” failed 1,200 times, last 3 h ago',
      action: { label: 'Open run', href: '/runs/run_sales' },
    },
  ]);
  expect(texts({ failingPipelines }).at(-1)).toBe('1 more pipeline failed in the last 24 hours');
  expect(texts({ failingPipelines: [...failingPipelines, failing('c', 1, 6)] }).at(-1)).toBe(
    '2 more pipelines failed in the last 24 hours',
  );
});

test('tables that fail their checks of today are told, three by their names, and the rest as the list that holds them', () => {
  const failingTables = ['d.costs', 'd.labels', 'd.usage', 'd.x'].map(table => ({
    table,
    passed: 12,
    failed: 2,
    executedAt: new Date(now.getTime() - 3_600_000),
  }));
  const items = attentionItems({ ...calm, failingTables });
  expect(items[0]).toEqual({
    id: 'table-d.costs',
    tone: 'bad',
    text: 'Table “d.costs” failed 2 of 14 expectations 1 h ago',
    action: { label: 'Open table', href: '/data-quality/table?name=d.costs' },
  });
  expect(items.at(-1)).toMatchObject({
    text: '1 more table fails its checks of today',
    action: { href: '/data-quality?state=failing&checked=today' },
  });
  expect(items).toHaveLength(4);
});

test('a credential that fails or expires is told with the way to it', () => {
  const credentials = [
    { id: 'c1', name: 'prod-gcp', health: 'EXPIRES_SOON', at: inDays(4) },
    { id: 'c2', name: 'prod-aws', health: 'FAILING', at: inDays(-0.125) },
  ] as const;
  expect(attentionItems({ ...calm, credentials })).toEqual([
    {
      id: 'c2',
      tone: 'bad',
      text: 'Credential “prod-aws” fails its connection test, since 3 h ago',
      action: { label: 'Open', href: '/credentials/c2' },
    },
    {
      id: 'c1',
      tone: 'warn',
      text: 'Credential “prod-gcp” expires in 4 days',
      action: { label: 'Open', href: '/credentials/c1' },
    },
  ]);
});

test('a provider that did not run, or runs less often for its failures, is told', () => {
  const configs = {
    missed: [{ configId: 'p1', name: 'costs', scheduledFor: inDays(-0.25) }],
    backingOff: [{ configId: 'p2', name: 'audit', failures: 6 }],
  };
  expect(texts({ configs })).toEqual([
    'Provider “costs” did not run at its time 6 h ago',
    'Provider “audit” failed 6 times in a row and runs less often',
  ]);
});

test('an expired key is told for 14 days', () => {
  expect(texts({ expiredKeys: [key('old', -3), key('ancient', -20)] })).toEqual(['Key “old” expired 3 days ago']);
});

test('full seats warn, seats over the plan are wrong, free seats are nothing', () => {
  expect(attentionItems({ ...calm, seats: { used: 2, limit: 2 } })).toEqual([
    { id: 'seats', tone: 'warn', text: 'Seats full: 2 of 2', action: { label: 'Team', href: '/team' } },
  ]);
  expect(attentionItems({ ...calm, seats: { used: 5, limit: 2 } })[0]).toMatchObject({
    tone: 'bad',
    text: 'More seats used than the plan has: 5 of 2',
  });
  expect(texts({ seats: { used: 5, limit: 6 } })).toEqual([]);
});

test('budgets at 80 % are told by what they are for, those that are used before those that are near', () => {
  const budget = (scope: 'all' | 'developer', subject: string, spent_usd: number) => ({
    budget_id: `bud_${subject}`,
    scope,
    subject,
    amount_usd: 100,
    spent_usd,
  });
  const budgets = [budget('all', '', 100), budget('developer', 'mia', 95), budget('developer', '(none)', 80)];
  expect(attentionItems({ ...calm, budgets }).map(({ tone, text }) => `${tone}: ${text}`)).toEqual([
    'bad: Budget for all AI usage: $100.00 of $100.00 used this month',
    'warn: Budget for the developer mia: $95.00 of $100.00 used this month',
    'warn: Budget for requests without a developer: $80.00 of $100.00 used this month',
  ]);
  expect(texts({ budgets: [...budgets, budget('developer', 'jo', 80)] }).at(-1)).toBe(
    '1 more budget is at 80 % or beyond',
  );
});

test('what the banner says is not said twice; the rest is, with the section that explains it', () => {
  const banners = [
    { tone: 'bad', text: 'Daily run limit reached.', about: 'usage' },
    { tone: 'warn', text: 'Trial ends in 3 days, on 24 Nov 2026.', about: 'billing' },
    { tone: 'warn', text: '8,000 of 10,000 API calls of this month are used.', about: 'usage' },
  ] as const;
  expect(attentionItems({ ...calm, banners })).toEqual([
    {
      id: 'shell-0',
      tone: 'warn',
      text: 'Trial ends in 3 days, on 24 Nov 2026',
      action: { label: 'Billing', href: '/billing' },
    },
    {
      id: 'shell-1',
      tone: 'warn',
      text: '8,000 of 10,000 API calls of this month are used',
      action: { label: 'Usage', href: '/usage' },
    },
  ]);
});

test('what is broken comes before what is near', () => {
  expect(texts({ seats: { used: 2, limit: 2 }, expiringKeys: [key('etl', 4)], expiredKeys: [key('old', -1)] })).toEqual(
    ['Key “old” expired 1 day ago', 'Key “etl” expires in 4 days', 'Seats full: 2 of 2'],
  );
});
