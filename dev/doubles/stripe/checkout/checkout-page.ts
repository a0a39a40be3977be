/** The Checkout page: what is bought, how the card is to behave, and for one that asks, the bank's question. */
import { findCheckout } from '@/dev/doubles/stripe/checkout/checkout';
import { type CardChoice, complete } from '@/dev/doubles/stripe/checkout/checkout-complete';
import { daySeconds, now } from '@/dev/doubles/stripe/clock';
import type { Surface } from '@/dev/doubles/stripe/control/surface';
import { StripeError } from '@/dev/doubles/stripe/errors';
import type { KeptCheckout } from '@/dev/doubles/stripe/events/events-state';
import {
  type Choice,
  choices,
  day,
  errorBox,
  goTo,
  type Html,
  html,
  money,
  pageOf,
  sayingPage,
} from '@/dev/doubles/stripe/pages/pages-html';
import type { Visit } from '@/dev/doubles/stripe/pages/visit';
import type { StripeState } from '@/dev/doubles/stripe/state';

const successUrl = ({ session }: KeptCheckout) =>
  (session.success_url ?? '').replaceAll('{CHECKOUT_SESSION_ID}', session.id);

function trialEnd(state: StripeState, { session, subscriptionData: data }: KeptCheckout): number | undefined {
  const days = data.trial_period_days;
  return data.trial_end ?? (days === undefined ? undefined : now(state, session.customer) + days * daySeconds);
}

function offers(state: StripeState, kept: KeptCheckout): { name: string; price: string }[] {
  return kept.items.map(({ price: id, quantity }) => {
    const price = state.prices[id];
    const name = state.products[price?.product ?? '']?.name ?? id;
    const amount = money((price?.unit_amount ?? 0) * quantity, price?.currency ?? 'usd');
    return {
      name: quantity > 1 ? `${name} × ${quantity}` : name,
      price: `${amount} per ${price?.recurring?.interval}`,
    };
  });
}

function summary(state: StripeState, kept: KeptCheckout): Html {
  const bought = offers(state, kept);
  const end = trialEnd(state, kept);
  const { customer, customer_email: given } = kept.session;
  const email = (customer ? state.customers[customer]?.email : given) ?? 'no address';
  return html`<h1>Subscribe to ${bought.map(({ name }) => name).join(' and ')}</h1>
${bought.map(({ price }) => html`<p class="price">${price}</p>`)}
${end !== undefined && html`<p class="note">Free until ${day(end)} (UTC). The first payment is on that day.</p>`}
<p class="muted">For ${email}. Due today: ${money(kept.session.amount_total ?? 0, kept.session.currency ?? 'usd')}.</p>`;
}

const cards: Choice[] = [
  ['works', 'Card that works'],
  ['declined', 'Card is declined'],
  ['authenticate', 'Needs authentication'],
];

function payPage(state: StripeState, kept: KeptCheckout, error?: string): Response {
  const { session } = kept;
  const trial = trialEnd(state, kept) !== undefined;
  const withoutCard: Choice[] =
    trial && session.payment_method_collection === 'if_required' ? [['none', 'No card for now']] : [];
  return pageOf({
    title: 'Checkout',
    status: error ? 402 : 200,
    body: html`${summary(state, kept)}${errorBox(error)}
<form method="post" action="/c/pay/${session.id}">${choices('Payment', 'card', [...cards, ...withoutCard])}
<button class="main wide">${trial ? 'Start trial' : 'Pay and subscribe'}</button></form>
${session.cancel_url && html`<p><a href="${session.cancel_url}">Back</a></p>`}`,
  });
}

function bankPage(kept: KeptCheckout): Response {
  return pageOf({
    title: 'Your bank asks',
    body: html`<h1>Your bank asks</h1><p>Was it you who wants to pay with this card?</p>
<form method="post" action="/c/pay/${kept.session.id}/authenticate" class="row">
<button class="main" name="outcome" value="approve">Approve</button><button name="outcome" value="fail">Fail</button></form>`,
  });
}

function pay(surface: Surface, kept: KeptCheckout, choice: CardChoice): Response {
  try {
    complete(surface, kept, choice);
  } catch (error) {
    if (!(error instanceof StripeError)) throw error;
    return payPage(surface.state, kept, error.message);
  }
  return goTo(successUrl(kept));
}

const notAuthenticated =
  'We are unable to authenticate your payment method. Please choose a different payment method and try again.';

function answerForm(surface: Surface, kept: KeptCheckout, { rest, form }: Visit): Response {
  const { id } = kept.session;
  if (rest === 'authenticate') {
    if (form?.get('outcome') === 'approve') return pay(surface, kept, 'authenticated');
    return payPage(surface.state, kept, notAuthenticated);
  }
  const card = form?.get('card');
  if (card === 'authenticate') return goTo(`/c/pay/${id}/authenticate`);
  if (card === 'works' || card === 'declined') return pay(surface, kept, card);
  const free = trialEnd(surface.state, kept) !== undefined;
  if (card === 'none' && free && kept.session.payment_method_collection === 'if_required')
    return pay(surface, kept, card);
  return payPage(surface.state, kept, 'Choose how to pay.');
}

/** GET and POST of /c/pay/<id> and /c/pay/<id>/authenticate. */
export function checkoutPage(surface: Surface, visit: Visit): Response {
  const kept = findCheckout(surface.state, visit.id);
  const { session } = kept;
  if (session.status === 'complete') {
    if (visit.form) return goTo(successUrl(kept));
    return sayingPage('All done here', 'This checkout is complete.', { href: successUrl(kept), text: 'Continue' });
  }
  if (session.status === 'expired') {
    const back = session.cancel_url ? { href: session.cancel_url, text: 'Back' } : undefined;
    return sayingPage('This checkout has expired', 'Start again from the shop.', back, 410);
  }
  if (visit.form) return answerForm(surface, kept, visit);
  return visit.rest === 'authenticate' ? bankPage(kept) : payPage(surface.state, kept);
}
