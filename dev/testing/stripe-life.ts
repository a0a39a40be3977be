/** What tests of billing share: a Stripe double and a database of their own, and customers that are known to Stripe. */
import { desc, eq } from 'drizzle-orm';
import type Stripe from 'stripe';
import { afterAll, beforeAll } from 'vitest';
import { type StartedDouble, startDouble } from '@/dev/doubles/stripe/start-double';
import { stripeAccount } from '@/dev/stack/services/stripe-account';
import { useOwnDatabase as makeOwnDatabase } from '@/dev/testing/own-database';
import { createWorld, type World } from '@/dev/testing/world';
import { type Customer, customers } from '@/lib/domains/customers/tables';
import type { NotifyInput } from '@/lib/domains/notifications/notify';
import { notifications } from '@/lib/domains/notifications/tables';
import { storedCounter } from '@/lib/domains/quotas/counters';
import { currentSubscription } from '@/lib/domains/subscriptions/plans/current-subscription';
import { type PlanName, plans } from '@/lib/domains/subscriptions/rules';
import { type StripeEventPayload, stripeEventSchema } from '@/lib/domains/subscriptions/sync/stripe-events';
import {
  billingFlags,
  type Subscription,
  subscriptionChanges,
  subscriptions,
} from '@/lib/domains/subscriptions/tables';
import { auditLog } from '@/lib/kernel/tables';
import { db } from '@/lib/platform/db';

export type Billing = StartedDouble & {
  /** Prices of the plans in the double. */
  prices: Record<PlanName, string>;
};
export type Payer = World & { stripeCustomerId: string };

/** A double and a database of their own, so that nobody else works on their events; both end with `stop`. */
async function startBilling(): Promise<Billing> {
  const dropDatabase = await makeOwnDatabase();
  const double = await startDouble(stripeAccount());
  Object.assign(process.env, { STRIPE_API_URL: double.url, STRIPE_SECRET_KEY: 'sk_test_of_this_test' });
  const names = Object.keys(plans) as PlanName[];
  const { data } = await double.client.prices.list({ lookup_keys: names.map(name => plans[name].stripeLookupKey) });
  const idOf = (name: PlanName) => data.find(price => price.lookup_key === plans[name].stripeLookupKey)?.id ?? '';
  const prices = { STARTER: idOf('STARTER'), PROFESSIONAL: idOf('PROFESSIONAL'), SCALE: idOf('SCALE') };
  const stop = async () => {
    await double.stop();
    await dropDatabase();
  };
  return { ...double, prices, stop };
}

/** The billing of a test file, there from its first test to its last. Call it before anything reads the environment. */
export function withBilling(): Billing {
  const billing = {} as Billing;
  beforeAll(async () => {
    Object.assign(billing, await startBilling());
  });
  afterAll(() => billing.stop());
  return billing;
}

/** A customer of ours on trial whom Stripe knows, with a card that works unless another is named. */
export async function createPayer(
  billing: Billing,
  options: { plan?: PlanName; card?: string | null } = {},
): Promise<Payer> {
  const world = await createWorld(options);
  const { card = 'pm_card_visa' } = options;
  const { id } = await billing.client.customers.create({ email: world.customer.adminEmail });
  if (card) {
    const method = await billing.client.paymentMethods.attach(card, { customer: id });
    await billing.client.customers.update(id, { invoice_settings: { default_payment_method: method.id } });
  }
  await db().update(customers).set({ stripeCustomerId: id }).where(eq(customers.customerId, world.customerId));
  return { ...world, stripeCustomerId: id };
}

/** A subscription in Stripe to a plan, as Checkout makes one. */
export const subscribe = (
  billing: Billing,
  payer: Pick<Payer, 'stripeCustomerId'>,
  plan: PlanName,
  more: Partial<Stripe.SubscriptionCreateParams> = {},
): Promise<Stripe.Subscription> =>
  billing.client.subscriptions.create({
    customer: payer.stripeCustomerId,
    items: [{ price: billing.prices[plan] }],
    ...more,
  });

export const customerRow = async (world: World): Promise<Customer> => {
  const [row] = await db().select().from(customers).where(eq(customers.customerId, world.customerId));
  if (!row) throw new Error('the customer is gone');
  return row;
};

export const subscriptionRows = (world: World): Promise<Subscription[]> =>
  db()
    .select()
    .from(subscriptions)
    .where(eq(subscriptions.customerId, world.customerId))
    .orderBy(desc(subscriptions.createdAt));

export const currentRow = (world: World): Promise<Subscription> => currentSubscription(db(), world.customerId);

export const changesOf = (world: World) =>
  db()
    .select()
    .from(subscriptionChanges)
    .where(eq(subscriptionChanges.customerId, world.customerId))
    .orderBy(subscriptionChanges.changedAt);

export const flagsOf = (stripeId: string) =>
  db().select().from(billingFlags).where(eq(billingFlags.stripeId, stripeId));

export const auditOf = (world: World, action: string) =>
  db()
    .select()
    .from(auditLog)
    .where(eq(auditLog.customerId, world.customerId))
    .orderBy(auditLog.sequence)
    .then(rows => rows.filter(row => row.action === action));

export const messagesOf = (world: World, event: NotifyInput['event']) =>
  db()
    .select()
    .from(notifications)
    .where(eq(notifications.customerId, world.customerId))
    .then(rows => rows.filter(row => row.event === event));

/** What counts for the customer, in one object. */
export async function stateOf(world: World) {
  const [row, customer, counter] = await Promise.all([
    currentRow(world),
    customerRow(world),
    storedCounter(db(), world.customerId),
  ]);
  return {
    plan: row.planName,
    status: row.status,
    profile: customer.status,
    profilePlan: customer.subscriptionPlan,
    dailyLimit: counter?.dailyLimit,
    refused: counter?.refusalReason,
  };
}

/** What Stripe has told of a customer so far, oldest first. */
export async function eventsOf(billing: Billing, stripeCustomerId: string): Promise<StripeEventPayload[]> {
  const events: StripeEventPayload[] = [];
  for await (const event of billing.client.events.list({ limit: 100 })) {
    const object = event.data.object as { customer?: unknown; id?: string };
    if (object.customer === stripeCustomerId || object.id === stripeCustomerId)
      events.unshift(stripeEventSchema.parse(event));
  }
  return events;
}
