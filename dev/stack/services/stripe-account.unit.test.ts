import { expect, test } from 'vitest';
import { endpointEvents } from '@/dev/doubles/stripe/contract/account-objects';
import { testCatalog } from '@/dev/doubles/stripe/test-catalog';
import { planPrices } from '@/dev/stack/services/stripe-account';
import { handledEvents } from '@/lib/domains/subscriptions/sync/stripe-events';

test('the prices that the double is tested with are those of our plans', () => {
  expect(planPrices()).toEqual(Object.values(testCatalog));
});

test('the contract has an endpoint told of every event that we act on', () => {
  expect(endpointEvents.toSorted()).toEqual([...handledEvents].toSorted());
});
