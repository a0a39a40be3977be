/** The demo customers' side in Stripe, made by the product's own path: linked, and for a paying one taken from what Stripe says. */
import type Stripe from 'stripe';
import type { DemoCustomer } from '@/dev/seed/cast';
import type { Customer } from '@/lib/domains/customers/tables';
import { syncInvoice } from '@/lib/domains/subscriptions/invoices/invoice';
import { type PlanName, trialDays } from '@/lib/domains/subscriptions/rules';
import { recordStripeCustomer } from '@/lib/domains/subscriptions/stripe/link-customer';
import { ensureStripeCustomer } from '@/lib/domains/subscriptions/stripe/stripe-customer';
import { priceIdOf } from '@/lib/domains/subscriptions/stripe/stripe-price';
import { stripeCtx, syncSubscription } from '@/lib/domains/subscriptions/sync/fetch';
import { type Ctx, systemCtx } from '@/lib/kernel/ctx';
import { env } from '@/lib/platform/env';
import { newUuid } from '@/lib/platform/ids';
import { stripe } from '@/lib/platform/stripe';

/** The trial customer has a Stripe customer and no subscription: trials live in our database. */
export type StripeIds = { customerId: string; subscriptionId: string | null };

const dayMs = 86_400_000;
const seconds = (instant: Date) => Math.floor(instant.getTime() / 1000);

/** Moves one customer's time in the local Stripe; a real one has no past, so there everything begins today. */
async function setClock(body: object): Promise<void> {
  const url = env().STRIPE_API_URL;
  if (!url) return;
  const response = await fetch(`${url}/_control/clock`, { method: 'POST', body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`The local Stripe refused: ${await response.text()}`);
}

async function subscribe(customer: string, plan: PlanName, ours: Customer): Promise<Stripe.Subscription> {
  const card = await stripe().paymentMethods.attach('pm_card_visa', { customer });
  await stripe().customers.update(customer, { invoice_settings: { default_payment_method: card.id } });
  return stripe().subscriptions.create(
    {
      customer,
      items: [{ price: await priceIdOf(plan) }],
      default_payment_method: card.id,
      metadata: { customer_id: ours.customerId },
    },
    { idempotencyKey: `subscription-${ours.customerId}` },
  );
}

/** What a webhook's work runs in, at the time it would have come. */
const toldAt = (subscription: string, instant: Date): Ctx => ({
  ...stripeCtx(subscription),
  clock: () => instant,
  requestId: newUuid(),
});

async function pay(demo: DemoCustomer, customer: Customer, stripeCustomer: string, now: Date): Promise<string> {
  const paidFrom = env().STRIPE_API_URL ? new Date(customer.createdAt.getTime() + trialDays * dayMs) : now;
  await setClock({ customer: stripeCustomer, start_at: seconds(paidFrom) });
  const { id } = await subscribe(stripeCustomer, demo.plan, customer);
  await syncSubscription(id, 'stripe', { ctx: toldAt(id, paidFrom) });
  await setClock({ customer: stripeCustomer, advance_to: seconds(now) });
  await setClock({ customer: stripeCustomer, real: true });
  for await (const invoice of stripe().invoices.list({ subscription: id, limit: 100 })) {
    const finalized = invoice.status_transitions.finalized_at ?? invoice.created;
    if (invoice.id) await syncInvoice(toldAt(id, new Date(finalized * 1000)), invoice.id, id);
  }
  await syncSubscription(id, 'stripe', { ctx: toldAt(id, now) });
  return id;
}

/** Links the customer, and where the demo has it pay, subscribes it from the end of its trial until now. */
export async function billInStripe(demo: DemoCustomer, customer: Customer, now: Date): Promise<StripeIds> {
  const customerId = await ensureStripeCustomer(customer);
  await recordStripeCustomer(
    systemCtx('provisioning', customer, () => customer.createdAt),
    { stripe_customer_id: customerId },
  );
  return { customerId, subscriptionId: demo.paying ? await pay(demo, customer, customerId, now) : null };
}
