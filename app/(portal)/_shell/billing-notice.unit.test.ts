import { describe, expect, test } from 'vitest';
import { billingNotice, lacksCard } from '@/app/(portal)/_shell/billing-notice';

type Known = Parameters<typeof billingNotice>[0];
const calm: Known = {
  status: 'ACTIVE',
  past_due: null,
  has_subscription: true,
  trial_end_date: null,
  ended_at: null,
};
const owed = {
  since: new Date('2026-11-20T00:00:00Z'),
  failed_at: new Date('2026-11-20T08:00:00Z'),
  reason: 'card declined',
  runs_until: new Date('2026-11-27T00:00:00Z'),
  invoice_url: 'https://invoice.stripe.example/i/1',
};

const cases: [name: string, view: Partial<Known>, text: string | null, help?: string][] = [
  ['who pays hears nothing', {}, null],
  ['nor does who is in a trial', { status: 'TRIAL' }, null],
  [
    'a failed payment says when, why and until when runs go on',
    { status: 'PAST_DUE', past_due: owed },
    'The last payment failed on 20 Nov (card declined). Pay the invoice before 27 Nov to keep running pipelines.',
    'invoice',
  ],
  [
    'who may not see invoices is not told why',
    { status: 'PAST_DUE', past_due: { ...owed, failed_at: null, reason: null } },
    'The last payment failed on 20 Nov. Pay the invoice before 27 Nov to keep running pipelines.',
    'invoice',
  ],
  [
    'a debt that nobody has dated yet is to be paid too',
    { status: 'PAST_DUE' },
    'A payment is owed. Pay the invoice to keep running pipelines.',
    'invoice',
  ],
  [
    'after the grace the invoice is still owed',
    { status: 'EXPIRED', past_due: owed },
    'The payment of 20 Nov (card declined) failed and is still owed. Runs are paused; your data is kept.',
    'invoice',
  ],
  [
    'a trial that ended without a card',
    { status: 'EXPIRED', has_subscription: false, trial_end_date: '2026-11-30' },
    'Your trial ended on 30 Nov. Runs are paused; your data is kept.',
    'plan',
  ],
  [
    'a subscription that Stripe has paused',
    { status: 'EXPIRED' },
    'The subscription is not paid. Runs are paused; your data is kept.',
    'card',
  ],
  [
    'a cancelled one says when it ended',
    { status: 'CANCELLED', has_subscription: false, ended_at: new Date('2026-11-30T10:00:00Z') },
    'The subscription ended on 30 Nov 2026. Runs are paused; your data is kept.',
    'plan',
  ],
];

test.each(cases)('%s', (_, view, text, help) => {
  expect(billingNotice({ ...calm, ...view })).toEqual(text === null ? null : { text, help });
});

describe('a card', () => {
  test.each([
    [true, true, false],
    [true, null, false],
    [true, false, true],
    [false, null, true],
    [false, true, true],
  ])('with a subscription: %s, known on file: %s, is missing: %s', (has_subscription, card_on_file, missing) => {
    expect(lacksCard({ has_subscription, card_on_file })).toBe(missing);
  });
});
