/** The demo's Stripe as the stories see it: its pages are clicked, its switches move time and cards for one customer. */
import { expect, type Page } from '@playwright/test';
import { demo } from '@/e2e/demo';

async function ask<Answer>(path: string, body?: object): Promise<Answer> {
  const headers = { authorization: 'Bearer sk_test_e2e' };
  const response = await fetch(
    `${demo().stripe}${path}`,
    body ? { method: 'POST', headers, body: JSON.stringify(body) } : { headers },
  );
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as Answer;
}

/** The Stripe customer of the organization that this person opened. */
export async function customerOf(email: string): Promise<string> {
  const { data } = await ask<{ data: { id: string }[] }>(`/v1/customers?limit=1&email=${encodeURIComponent(email)}`);
  const [customer] = data;
  if (!customer) throw new Error(`Stripe has no customer ${email}`);
  return customer.id;
}

/** How many subscriptions a customer has, ended ones too. */
export async function subscriptionsOf(customer: string): Promise<number> {
  const { data } = await ask<{ data: unknown[] }>(`/v1/subscriptions?limit=100&status=all&customer=${customer}`);
  return data.length;
}

const daySeconds = 86_400;

/** Moves a customer's time; all that falls due on the way happens, and is told to the portal. */
export const pass = (customer: string, days: number) =>
  ask('/_control/clock', { customer, seconds: Math.round(days * daySeconds) });

type WithPeriod = { items: { data: { current_period_end: number }[] } };

/** Moves a customer's time to hours after the end of the period that runs; a renewal is charged one hour after it. */
export async function passPeriod(customer: string, hours = 2): Promise<void> {
  const { data } = await ask<{ data: WithPeriod[] }>(`/v1/subscriptions?limit=1&customer=${customer}`);
  const end = data[0]?.items.data[0]?.current_period_end;
  if (!end) throw new Error(`${customer} has no subscription`);
  await ask('/_control/clock', { customer, advance_to: end + hours * 3_600 });
}

/** How the customer's card behaves from now on. */
export const setCard = (customer: string, behaviour: 'ok' | 'declined' | 'authentication_required') =>
  ask('/_control/card', { customer, behaviour });

/** Whether what the customer pays for at Checkout comes later; false: now. */
export const holdCheckout = (customer: string, hold: boolean) => ask('/_control/checkout', { customer, hold });

/** Fills in the Checkout page that is open. */
export async function payWith(page: Page, card: 'Card that works' | 'Card is declined' | 'Needs authentication') {
  await expect(page).toHaveURL(/\/c\/pay\//);
  await page.getByLabel(card).check();
  await page.getByRole('button', { name: /^(Start trial|Pay and subscribe)$/ }).click();
}

/** The next calls of a path (`*` at its end for all below it) find Stripe out of order. */
export const failNext = (method: 'GET' | 'POST', path: string, times: number) =>
  ask('/_control/fail', { method, path, times, status: 503 });
