/** A change of plan amid run starts: the limit that holds is the one committed. Source: docs/architecture.md, Quota. */
import { expect, test } from 'vitest';
import { runInput } from '@/dev/testing/quota';
import { createPayer, stateOf, subscribe, withBilling } from '@/dev/testing/stripe-life';
import { applyLimits, storedCounter } from '@/lib/domains/quotas/counters';
import { type StartedRun, startRun } from '@/lib/domains/runs/start/reserve';
import { syncSubscription } from '@/lib/domains/subscriptions/sync/fetch';
import { db } from '@/lib/platform/db';

const billing = withBilling();

const codesOf = (results: PromiseSettledResult<StartedRun>[]) =>
  results.flatMap(result => (result.status === 'rejected' ? [(result.reason as { code: string }).code] : []));
const grantedOf = (results: PromiseSettledResult<StartedRun>[]) =>
  results.flatMap(result => (result.status === 'fulfilled' ? [result.value] : []));

/** A paying customer of SCALE who may have any number of runs at once. */
async function busyCustomer() {
  const payer = await createPayer(billing);
  const made = await subscribe(billing, payer, 'SCALE');
  await syncSubscription(made.id, 'stripe');
  await applyLimits(db(), payer.customerId, { concurrentLimit: 1_000 });
  return { payer, made, item: made.items.data[0]?.id ?? '' };
}

test('a downgrade while 100 starts are in flight: no run is granted above the new limit after its commit', async () => {
  const { payer, made, item } = await busyCustomer();
  const start = (count: number) =>
    Promise.allSettled(Array.from({ length: count }, () => startRun(payer.system, runInput())));
  // More than STARTER allows have run already, so that after the commit there is none left.
  expect(grantedOf(await start(40))).toHaveLength(40);
  await billing.client.subscriptions.update(made.id, { items: [{ id: item, price: billing.prices.STARTER }] });
  const begun = start(100);
  const atCommit = await db().transaction(async tx => {
    await syncSubscription(made.id, 'stripe', { tx });
    return (await storedCounter(tx, payer.customerId))?.runsToday ?? -1;
  });
  const late = await start(20);
  const granted = grantedOf(await begun).length;
  expect(40 + granted).toBe(atCommit);
  expect(grantedOf(late)).toEqual([]);
  expect(new Set(codesOf(late))).toEqual(new Set(['quota_exceeded']));
  expect(await stateOf(payer)).toMatchObject({ plan: 'STARTER', dailyLimit: 6 });
  expect((await storedCounter(db(), payer.customerId))?.concurrentLimit).toBe(3);
});

test('a cancellation while starts are in flight: none is granted after its commit', async () => {
  const { payer, made } = await busyCustomer();
  await billing.client.subscriptions.cancel(made.id);
  const begun = Array.from({ length: 60 }, () => startRun(payer.system, runInput()));
  await syncSubscription(made.id, 'stripe');
  const after = await Promise.allSettled(Array.from({ length: 20 }, () => startRun(payer.system, runInput())));
  expect(grantedOf(after)).toEqual([]);
  expect(new Set(codesOf(after))).toEqual(new Set(['subscription_inactive']));
  const counter = await storedCounter(db(), payer.customerId);
  expect(counter).toMatchObject({
    runsToday: grantedOf(await Promise.allSettled(begun)).length,
    refusalReason: 'subscription_inactive',
  });
});
