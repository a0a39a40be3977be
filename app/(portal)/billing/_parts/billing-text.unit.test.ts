import { expect, test } from 'vitest';
import {
  misfitTexts,
  moneyText,
  nextText,
  nextTry,
  ownPriceText,
  priceText,
  trialText,
} from '@/app/(portal)/billing/_parts/billing-text';

const now = new Date('2026-11-21T12:00:00Z');
const trial = { last_day: '2026-11-30', ends_at: new Date('2026-12-01T00:00:00Z') };
const lastDays = { last_day: '2026-11-22', ends_at: new Date('2026-11-23T00:00:00Z') };
const open = { trial, has_subscription: false, card_on_file: null, monthly_price_cents: 19_900, next_invoice: null };
const paying = { ...open, has_subscription: true, card_on_file: true };

const trials: [name: string, view: Parameters<typeof trialText>[0], text: string | null][] = [
  ['outside of a trial', { ...open, trial: null }, null],
  ['without a card', open, 'Trial: 9 days left, ends 30 Nov 2026. You will not be charged before.'],
  [
    'with a card',
    paying,
    'Trial: 9 days left, ends 30 Nov 2026. You will not be charged before. The first payment, $199.00, is on 1 Dec 2026.',
  ],
  [
    'with a smaller plan planned',
    { ...paying, next_invoice: { at: trial.ends_at, amount_cents: 4_900 } },
    'Trial: 9 days left, ends 30 Nov 2026. You will not be charged before. The first payment, $49.00, is on 1 Dec 2026.',
  ],
  [
    'too short to be passed on',
    { ...open, trial: lastDays },
    'Trial: 1 day left, ends 22 Nov 2026. Adding a card now starts the paid plan at once.',
  ],
  [
    'that Stripe ends within its last day',
    { ...paying, trial: { last_day: '2026-11-30', ends_at: new Date('2026-11-30T15:00:00Z') } },
    'Trial: 9 days left, ends 30 Nov 2026. You will not be charged before. The first payment, $199.00, is on 30 Nov 2026.',
  ],
  [
    'on its last day',
    { ...paying, trial: { last_day: '2026-11-21', ends_at: new Date('2026-11-22T00:00:00Z') } },
    'Trial: last day, ends 21 Nov 2026. You will not be charged before. The first payment, $199.00, is on 22 Nov 2026.',
  ],
];

test.each(trials)('the trial’s line %s', (_, view, text) => expect(trialText(view, now)).toBe(text));

test('what does not fit says how much is to go, until when, and what happens else', () => {
  const at = new Date('2026-11-30T00:00:00Z');
  expect(
    misfitTexts('STARTER', at, [
      { what: 'seats', used: 5, limit: 2 },
      { what: 'providers', used: 5, limit: 3 },
      { what: 'runs_per_day', used: 12, limit: 6 },
    ]),
  ).toEqual([
    'Starter allows 2 seats; you use 5. Remove 3 members or invitations before 30 Nov, or new invitations stay blocked. Nobody is removed by itself.',
    'Starter allows 3 providers; 5 are on. None is turned off by itself, but no further one can be turned on until 2 are off.',
    'Starter allows 6 runs a day; you have started 12 today. From then on runs over the limit are refused.',
  ]);
  expect(misfitTexts('STARTER', at, [{ what: 'seats', used: 3, limit: 2 }])[0]).toContain(
    'Remove 1 member or invitation ',
  );
});

test('amounts keep their currency, prices have no cents', () => {
  expect(moneyText(19_900, 'USD')).toBe('$199.00');
  expect(moneyText(-500, 'USD')).toBe('-$5.00');
  expect(moneyText(1_050, 'EUR')).toBe('€10.50');
  expect(priceText('SCALE')).toBe('$499 / month');
});

test('a currency without a smaller unit is not divided, one with three digits by a thousand', () => {
  expect(moneyText(4_900, 'JPY')).toBe('¥4,900');
  expect(moneyText(4_900, 'KWD')).toMatch(/^KWD\s4\.900$/);
});

test('who pays a price that is no longer offered sees that price', () => {
  expect(ownPriceText({ monthly_price_cents: 39_900 })).toBe('$399 / month');
  expect(ownPriceText({ monthly_price_cents: 3_950 })).toBe('$39.50 / month');
});

test('what comes next is the invoice, or the end', () => {
  const at = new Date('2026-11-30T10:00:00Z');
  expect(nextText({ ends_at: null, next_invoice: null })).toBeNull();
  expect(nextText({ ends_at: null, next_invoice: { at, amount_cents: 4_900 } })).toBe(
    'next invoice 30 Nov 2026, $49.00',
  );
  expect(nextText({ ends_at: at, next_invoice: null })).toBe('ends 30 Nov 2026');
});

test('without JavaScript the page asks again, thirty times', () => {
  expect(nextTry({ checkout: 'cs_1' })).toBe('/billing?checkout=cs_1&try=1');
  expect(nextTry({ checkout: 'cs_1', try: '29' })).toBe('/billing?checkout=cs_1&try=30');
  for (const tried of ['30', '99', '-1', 'x', '1e1']) expect(nextTry({ checkout: 'cs_1', try: tried })).toBeNull();
  expect(nextTry({ try: '1' })).toBeNull();
});
