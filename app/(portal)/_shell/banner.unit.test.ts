import { expect, test } from 'vitest';
import { type BannerFacts, bannersByPriority, chooseBanner, trialLine } from '@/app/(portal)/_shell/banner';
import type { BillingView } from '@/lib/domains/subscriptions/view';

const now = new Date('2026-11-21T18:48:00Z');
const calm: BannerFacts = {
  customerStatus: 'ACTIVE',
  trialEndDate: null,
  deletionDueAt: null,
  billing: null,
  runsToday: 1,
  dailyLimit: 6,
  runsMonth: 61,
  monthlyLimit: null,
  apiCallsMonth: 100,
  apiCallsMonthLimit: 10_000,
  monthResetsAt: new Date('2026-12-01T00:00:00Z'),
  resetsAt: new Date('2026-11-22T00:00:00Z'),
  refusalReason: null,
  failingCredentials: [],
  now,
  mayAct: true,
  admins: ['Mia Kern'],
};
const trial = { customerStatus: 'TRIAL', trialEndDate: '2026-11-24' };

const cases: [name: string, facts: Partial<BannerFacts>, text: RegExp | null][] = [
  ['nothing to say', {}, null],
  [
    'a deletion comes before everything, and says instead of the subscription why nothing runs',
    { deletionDueAt: new Date('2026-12-21T18:48:00Z'), refusalReason: 'subscription_inactive' },
    /^This organization will be erased on 21 Dec 2026\./,
  ],
  [
    'an ended subscription comes before everything',
    { refusalReason: 'subscription_inactive', runsToday: 6, ...trial },
    /subscription is not active/,
  ],
  [
    'a reached limit comes before the trial',
    { runsToday: 6, ...trial },
    /^Daily run limit reached: 6 of 6\. New runs are refused until 00:00 UTC \(in 5\u00a0h\u00a012\u00a0min\)\.$/,
  ],
  [
    'a failing credential is told where nothing else is',
    { failingCredentials: ['prod-gcp'] },
    /^The credential “prod-gcp” fails its connection test\. Runs that use it may fail\.$/,
  ],
  [
    'several failing credentials are one banner, after a warning of the quota',
    { failingCredentials: ['prod-gcp', 'prod-aws'], runsToday: 5 },
    /^5 of 6 runs of today are used\.$/,
  ],
  [
    'a trial that ends in three days comes before a warning',
    { runsToday: 5, ...trial },
    /^Trial ends in 3 days, on 24 Nov 2026\. Add a card to keep running pipelines\.$/,
  ],
  ['four days are not yet worth a banner', { ...trial, trialEndDate: '2026-11-25' }, null],
  ['5 of 6 warns, 4 of 6 does not', { runsToday: 5 }, /^5 of 6 runs/],
  ['4 of 6 does not warn', { runsToday: 4 }, null],
  [
    'a reached monthly limit says until when',
    { monthlyLimit: 61 },
    /^Monthly run limit reached: 61 of 61\. New runs are refused until 1 Dec, 00:00 UTC\.$/,
  ],
  ['API calls warn at four fifths', { apiCallsMonth: 8_000 }, /^8,000 of 10,000 API calls of this month are used\.$/],
  ['who may not act is told whom to ask', { runsToday: 5, mayAct: false }, /Ask an admin: Mia Kern\.$/],
];

test.each(cases)('%s', (_, facts, text) => {
  const banner = chooseBanner({ ...calm, ...facts });
  if (text === null) expect(banner).toBeNull();
  else expect(banner?.text).toMatch(text);
});

test('what the banner leaves out comes after it, most pressing first', () => {
  const facts = { ...calm, ...trial, runsToday: 5, apiCallsMonth: 10_000 };
  expect(bannersByPriority(facts).map(({ tone, about }) => [tone, about])).toEqual([
    ['bad', 'usage'],
    ['warn', 'billing'],
    ['warn', 'usage'],
  ]);
});

const unpaid: BillingView = {
  plan: 'STARTER',
  status: 'PAST_DUE',
  is_suspended: false,
  monthly_price_cents: 4_900,
  currency: 'USD',
  has_subscription: true,
  card_on_file: true,
  trial: null,
  trial_end_date: null,
  next_invoice: null,
  ends_at: null,
  ended_at: null,
  scheduled: null,
  past_due: {
    since: new Date('2026-11-20T00:00:00Z'),
    failed_at: new Date('2026-11-20T00:00:00Z'),
    reason: 'card declined',
    runs_until: new Date('2026-11-27T00:00:00Z'),
    invoice_url: null,
  },
  updated_at: now,
};

test('a failed payment comes before a reached limit, with what helps; who may not act is given no button', () => {
  const facts = { ...calm, billing: unpaid, runsToday: 6 };
  expect(chooseBanner(facts)).toMatchObject({ tone: 'bad', help: 'Pay invoice', about: 'billing' });
  expect(chooseBanner(facts)?.text).toMatch(/^The last payment failed on 20 Nov \(card declined\)\./);
  expect(chooseBanner({ ...facts, mayAct: false })).toMatchObject({
    help: undefined,
    text: expect.stringMatching(/Ask an admin: Mia Kern\.$/),
  });
});

test('an ended subscription is told once, with its date', () => {
  const ended: BillingView = { ...unpaid, status: 'CANCELLED', past_due: null, ended_at: now, has_subscription: false };
  const told = bannersByPriority({ ...calm, refusalReason: 'subscription_inactive', billing: ended });
  expect(told.map(({ text }) => text)).toEqual([
    'The subscription ended on 21 Nov 2026. Runs are paused; your data is kept.',
  ]);
});

test('a trial with a card on file ends without a banner', () => {
  const paying: BillingView = { ...unpaid, status: 'TRIAL', past_due: null };
  expect(chooseBanner({ ...calm, ...trial, billing: paying })).toBeNull();
  expect(chooseBanner({ ...calm, ...trial, billing: { ...paying, card_on_file: false } })?.help).toBe('Add card');
});

test('the trial line counts UTC days', () => {
  expect(trialLine('TRIAL', '2026-11-30', now)).toBe('Trial: 9 days left');
  expect(trialLine('TRIAL', '2026-11-22', now)).toBe('Trial: 1 day left');
  expect(trialLine('TRIAL', '2026-11-21', now)).toBe('Trial ends today');
  expect(trialLine('ACTIVE', '2026-11-30', now)).toBeNull();
});
