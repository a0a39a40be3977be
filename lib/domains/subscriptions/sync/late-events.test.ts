/** A customer changes from an old subscription to a new one: whatever is late, the plan that is paid holds. */
import { describe, expect, test } from 'vitest';
import { createPayer, flagsOf, type Payer, stateOf, subscribe, withBilling } from '@/dev/testing/stripe-life';
import { syncSubscription } from '@/lib/domains/subscriptions/sync/fetch';
import { storeEvents } from '@/lib/domains/subscriptions/sync/inbox';
import { processDue } from '@/lib/domains/subscriptions/sync/process';
import { stripeEventSchema } from '@/lib/domains/subscriptions/sync/stripe-events';

const billing = withBilling();

/** What happens in Stripe, and the arrival of the news of it. */
type Step = 'subscribe' | 'cancel' | 'subscribe again' | `news of ${'the old' | 'its end' | 'the new' | 'its payment'}`;
const newsAfter: [Step, Step][] = [
  ['subscribe', 'news of the old'],
  ['cancel', 'news of its end'],
  ['subscribe again', 'news of the new'],
  ['subscribe again', 'news of its payment'],
];
const lives: { name: string; life: Step[]; unheard: Step[] }[] = [
  {
    name: 'the old one is cancelled, then the new one is bought',
    life: ['subscribe', 'cancel', 'subscribe again'],
    unheard: [],
  },
  {
    name: 'the new one is bought beside the old one, which is cancelled then',
    life: ['subscribe', 'subscribe again', 'cancel'],
    unheard: ['news of its payment'],
  },
];

/** Every order of the steps in which each comes after what it must follow. */
function ordersOf(steps: Step[], follows: [Step, Step][]): Step[][] {
  if (steps.length === 0) return [[]];
  const first = steps.filter(step => !follows.some(([before, after]) => after === step && steps.includes(before)));
  return first.flatMap(step => {
    const rest = steps.filter(other => other !== step);
    return ordersOf(rest, follows).map(order => [step, ...order]);
  });
}

type Life = { payer: Payer; old: string; recent: string };

async function deliver({ payer }: Life, type: string, subscription: string): Promise<void> {
  for await (const event of billing.client.events.list({ type, limit: 20 })) {
    if (!JSON.stringify(event.data.object).includes(subscription)) continue;
    await storeEvents([stripeEventSchema.parse(event)]);
    await processDue({ stripeCustomers: [payer.stripeCustomerId] });
    return;
  }
  throw new Error(`Stripe has not told of ${type} of ${subscription}`);
}

const acts: Record<Step, (life: Life) => Promise<void>> = {
  subscribe: async life => {
    life.old = (await subscribe(billing, life.payer, 'STARTER')).id;
  },
  cancel: async life => {
    await billing.client.subscriptions.cancel(life.old);
  },
  'subscribe again': async life => {
    life.recent = (await subscribe(billing, life.payer, 'SCALE')).id;
  },
  'news of the old': life => deliver(life, 'customer.subscription.created', life.old),
  'news of its end': life => deliver(life, 'customer.subscription.deleted', life.old),
  'news of the new': life => deliver(life, 'customer.subscription.created', life.recent),
  'news of its payment': life => deliver(life, 'invoice.paid', life.recent),
};

const onScale = {
  plan: 'SCALE',
  status: 'ACTIVE',
  profile: 'ACTIVE',
  profilePlan: 'SCALE',
  dailyLimit: 100,
  refused: null,
};
const openFlags = async (id: string) => (await flagsOf(id)).filter(flag => flag.resolvedAt === null);

/** Plays the steps; wherever the new subscription was heard of after the old one's end in Stripe, its plan holds. */
async function play(order: Step[]): Promise<void> {
  const life: Life = { payer: await createPayer(billing), old: '', recent: '' };
  for (const [at, step] of order.entries()) {
    await acts[step](life);
    const heard = step === 'news of the new' || step === 'news of its payment' || step === 'news of its end';
    const heardOfNew = order.slice(0, at + 1).some(one => one === 'news of the new' || one === 'news of its payment');
    if (!heard || !heardOfNew || order.indexOf('cancel') > at) continue;
    const wrong = `after ${order.slice(0, at + 1).join(', ')}`;
    expect(await stateOf(life.payer), wrong).toEqual(onScale);
    expect(await openFlags(life.recent), wrong).toEqual([]);
  }
  expect(await stateOf(life.payer), order.join(', ')).toEqual(onScale);
}

describe('news that comes late or in any order', () => {
  for (const { name, life, unheard } of lives) {
    test(`${name}: in every order of news the customer ends on the plan that is paid, and staff read nothing untrue`, async () => {
      const sequence = life.slice(1).map((step, at): [Step, Step] => [life[at] as Step, step]);
      const news = newsAfter.map(([, heard]) => heard).filter(heard => !unheard.includes(heard));
      const orders = ordersOf([...life, ...news], [...sequence, ...newsAfter]);
      expect(orders.length).toBeGreaterThan(unheard.length > 0 ? 10 : 40);
      const next = orders.values();
      const lane = async () => {
        for (const order of next) await play(order);
      };
      await Promise.all([lane(), lane(), lane()]);
    }, 240_000);
  }

  test('the news of the old one’s end never comes: the plan that is paid holds at once', async () => {
    const payer = await createPayer(billing);
    const { id: old } = await subscribe(billing, payer, 'STARTER');
    await syncSubscription(old, 'stripe');
    await billing.client.subscriptions.cancel(old);
    const { id: recent } = await subscribe(billing, payer, 'SCALE');
    expect(await syncSubscription(recent, 'stripe')).toMatchObject({ outcome: 'applied' });
    expect(await stateOf(payer)).toEqual(onScale);
    expect(await flagsOf(recent)).toEqual([]);
  });

  test('where both go on, the first stays the current one, and staff read when Stripe said so', async () => {
    const payer = await createPayer(billing);
    const { id: old } = await subscribe(billing, payer, 'STARTER');
    await syncSubscription(old, 'stripe');
    const { id: recent } = await subscribe(billing, payer, 'SCALE');
    const before = new Date();
    expect(await syncSubscription(recent, 'stripe')).toMatchObject({ outcome: 'flagged' });
    expect(await stateOf(payer)).toMatchObject({ plan: 'STARTER' });
    const [flag] = await openFlags(recent);
    expect(flag).toMatchObject({
      kind: 'second_subscription',
      detail: expect.stringContaining(`${old} already (active`),
    });
    const asked = /asked at (\S+)\)/.exec(flag?.detail ?? '')?.[1] ?? '';
    expect(new Date(asked).getTime()).toBeGreaterThanOrEqual(before.getTime());
  });

  test('two syncs at once, of the old and of the new one, end on the plan that is paid', async () => {
    for (let round = 0; round < 5; round++) {
      const payer = await createPayer(billing);
      const { id: old } = await subscribe(billing, payer, 'STARTER');
      await syncSubscription(old, 'stripe');
      await billing.client.subscriptions.cancel(old);
      const { id: recent } = await subscribe(billing, payer, 'SCALE');
      await Promise.all([recent, old, recent, old].map(id => syncSubscription(id, 'stripe')));
      expect(await stateOf(payer)).toEqual(onScale);
    }
  });
});
