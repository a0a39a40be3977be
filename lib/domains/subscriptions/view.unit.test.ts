import { describe, expect, test } from 'vitest';
import { plans } from '@/lib/domains/subscriptions/rules';
import type { Subscription } from '@/lib/domains/subscriptions/tables';
import { viewOf } from '@/lib/domains/subscriptions/view';

const at = (text: string) => new Date(text);
const inTrial = {
  planName: 'SCALE',
  status: 'TRIAL',
  stripeStatus: null,
  monthlyPriceUsd: '499.00',
  currency: 'USD',
  trialEndDate: '2026-11-30',
  periodEnd: null,
  cancelAt: null,
  pastDueSince: null,
  scheduledPlanName: null,
  scheduledAt: null,
} as Subscription;

const view = (changes: Partial<Subscription>, owedUrl?: string) =>
  viewOf({ ...inTrial, ...changes }, 'TRIAL', plan => plans[plan].priceUsdPerMonth * 100, owedUrl);

describe('the end of the trial', () => {
  test('is the last second of its last day while it is ours alone', () => {
    expect(view({}).trial).toEqual({ last_day: '2026-11-30', ends_at: at('2026-11-30T23:59:59Z') });
  });

  test.each(['2026-11-30T15:30:00Z', '2026-11-30T23:59:59Z'])('is Stripe’s instant, %s, once Stripe has it', end => {
    const seen = view({ stripeStatus: 'trialing', periodEnd: at(end) });
    expect(seen.trial).toEqual({ last_day: '2026-11-30', ends_at: at(end) });
    expect(seen.next_invoice).toEqual({ at: at(end), amount_cents: 49_900 });
  });
});

describe('the price', () => {
  const active = { status: 'ACTIVE', stripeStatus: 'active', periodEnd: at('2026-12-15T00:00:00Z') } as const;

  test('is the one that the customer pays, also where another is offered by now', () => {
    expect(view({ ...active, monthlyPriceUsd: '399.00' })).toMatchObject({
      monthly_price_cents: 39_900,
      next_invoice: { amount_cents: 39_900 },
    });
  });

  test('is the plan’s where none is known', () => {
    expect(view({ ...active, monthlyPriceUsd: null })).toMatchObject({ monthly_price_cents: 49_900 });
  });

  test('of the next invoice is that of a plan that takes over by then', () => {
    const scheduled = { scheduledPlanName: 'STARTER' as const, scheduledAt: active.periodEnd };
    expect(view({ ...active, ...scheduled })).toMatchObject({
      monthly_price_cents: 49_900,
      next_invoice: { amount_cents: 4_900 },
    });
  });
});

test('what is owed names Stripe’s page of the open invoice', () => {
  const owing = { status: 'PAST_DUE', stripeStatus: 'past_due', pastDueSince: at('2026-11-20T08:00:00Z') } as const;
  expect(view(owing, 'https://invoice.stripe.example/i/1').past_due).toMatchObject({
    runs_until: at('2026-11-27T08:00:00Z'),
    invoice_url: 'https://invoice.stripe.example/i/1',
  });
  expect(view(owing).past_due).toMatchObject({ invoice_url: null });
});
