/** A Stripe account for the contract: makes what the tests need under names of their own, and takes it away again. */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import Stripe from 'stripe';

/** Test tokens of Stripe's cards, by how they behave. */
export const cards = {
  ok: 'pm_card_visa',
  declined: 'pm_card_chargeCustomerFail',
  authentication: 'pm_card_authenticationRequired',
} as const;

export const daySeconds = 86_400;
const waitMs = 120_000;

/** Asks until the answer is there. Throws after two minutes. */
export async function until<Answer>(ask: () => Promise<Answer | undefined>): Promise<Answer> {
  const end = Date.now() + waitMs;
  for (let pauseMs = 20; ; pauseMs = Math.min(pauseMs * 2, 2_000)) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > end) throw new Error('Stripe did not come to it within two minutes.');
    await sleep(pauseMs);
  }
}

/** The error of a call that is to be refused. Throws where it was accepted. */
export async function refusal(call: Promise<unknown>): Promise<Stripe.errors.StripeError> {
  const answer = await call.then(
    value => ({ value }),
    (error: unknown) => ({ error }),
  );
  if ('error' in answer && answer.error instanceof Stripe.errors.StripeError) return answer.error;
  throw new Error('error' in answer ? String(answer.error) : 'It was accepted.');
}

type Undo = () => Promise<unknown>;
export type Subscribed = { customer: string; clock: string; subscription: Stripe.Subscription; item: string };

export class Account {
  readonly #undo: Undo[] = [];
  /** Two monthly prices, of 49 and of 199 dollars. */
  small = '';
  big = '';
  readonly tag = randomBytes(6).toString('hex');

  constructor(readonly stripe: Stripe) {}

  /** Has something taken away at the end, the latest first. */
  later(undo: Undo): void {
    this.#undo.push(undo);
  }

  async open(): Promise<void> {
    this.small = (await this.price('small', 4_900)).id;
    this.big = (await this.price('big', 19_900)).id;
  }

  /** Takes all away; what fails does not keep the rest. */
  async close(): Promise<void> {
    const failed: unknown[] = [];
    for (const undo of this.#undo.toReversed()) await undo().catch(error => failed.push(error));
    if (failed.length > 0) throw new AggregateError(failed, 'Something of the contract was left in the account.');
  }

  key(name: string): string {
    return `contract_${this.tag}_${name}`;
  }

  async price(name: string, amount: number): Promise<Stripe.Price> {
    const product = await this.stripe.products.create({ name: `Contract ${name}`, metadata: { contract: this.tag } });
    this.later(() => this.stripe.products.update(product.id, { active: false }));
    const price = await this.stripe.prices.create({
      product: product.id,
      currency: 'usd',
      unit_amount: amount,
      recurring: { interval: 'month' },
      lookup_key: this.key(name),
    });
    this.later(() => this.stripe.prices.update(price.id, { active: false }));
    return price;
  }

  /** A customer whose time is a test clock's. */
  async timed(): Promise<{ customer: string; clock: string; now: number }> {
    const now = Math.floor(Date.now() / 1000);
    const clock = await this.stripe.testHelpers.testClocks.create({ frozen_time: now });
    this.later(() => this.stripe.testHelpers.testClocks.del(clock.id));
    const customer = await this.stripe.customers.create({
      test_clock: clock.id,
      email: `${this.tag}@contract.example`,
    });
    return { customer: customer.id, clock: clock.id, now };
  }

  /** Gives a customer a card that pays from now on, also for its subscription. */
  async card(customer: string, token: string, subscription?: string): Promise<string> {
    const { id } = await this.stripe.paymentMethods.attach(token, { customer });
    await this.stripe.customers.update(customer, { invoice_settings: { default_payment_method: id } });
    if (subscription) await this.stripe.subscriptions.update(subscription, { default_payment_method: id });
    return id;
  }

  async subscribed(price: string, more: Partial<Stripe.SubscriptionCreateParams> = {}): Promise<Subscribed> {
    const { customer, clock } = await this.timed();
    await this.card(customer, cards.ok);
    const subscription = await this.stripe.subscriptions.create({ customer, items: [{ price }], ...more });
    return { customer, clock, subscription, item: subscription.items.data[0]?.id ?? '' };
  }

  /** Moves a clock and waits until all that fell due has happened. */
  async advance(clock: string, to: number): Promise<void> {
    await this.stripe.testHelpers.testClocks.advance(clock, { frozen_time: to });
    await until(async () => {
      const { status } = await this.stripe.testHelpers.testClocks.retrieve(clock);
      return status === 'ready' ? status : undefined;
    });
  }
}

/** When the period that is paid ends, in seconds. */
export const periodEnd = ({ items }: Stripe.Subscription): number => items.data[0]?.current_period_end ?? 0;
