import { expect, test } from 'vitest';
import { planHolds } from '@/app/(portal)/billing/_parts/plan-holds';
import { planNames, plans, planTitle } from '@/lib/domains/subscriptions/rules';

test('a plan is named in title case, whichever it is', () => {
  expect([...planNames, 'ENTERPRISE'].map(planTitle)).toEqual(['Starter', 'Professional', 'Scale', 'Enterprise']);
});

test('a plan says each limit that its table has', () => {
  expect(planHolds(plans.PROFESSIONAL)).toEqual([
    '25 runs a day, no monthly limit',
    '3 runs at once',
    '6 seats',
    '6 providers',
    '100,000 API calls a month',
    '1,000,000 events a month',
  ]);
});
