/** What the billing portal shows. */
import {
  choices,
  day,
  errorBox,
  type Html,
  html,
  money,
  pageOf,
  sayingPage,
} from '@/dev/doubles/stripe/pages/pages-html';
import { cardInUse, liveSubscriptions, sentInvoices, type Visitor } from '@/dev/doubles/stripe/portal/portal-actions';
import type { Invoice, Subscription } from '@/dev/doubles/stripe/wire';

const button = (at: string, action: string, id: string, text: Html | string, main = false) =>
  html`<form method="post" action="${at}"><input type="hidden" name="id" value="${id}">
<button name="action" value="${action}"${main && html` class="main"`}>${text}</button></form>`;

const backLink = ({ session }: Visitor) =>
  session.return_url && html`<p><a href="${session.return_url}">Return to the product</a></p>`;

const statusTexts: Record<string, string> = {
  active: 'Active',
  trialing: 'In trial',
  past_due: 'Past due: the last payment failed',
  unpaid: 'Unpaid',
  incomplete: 'Waiting for its first payment',
  paused: 'Paused: the trial ended without a card',
};

function nameOf({ surface: { state } }: Visitor, subscription: Subscription): string {
  const names = subscription.items.data.map(({ price }) => state.products[price.product]?.name ?? price.id);
  return names.join(' and ');
}

function priceOf(subscription: Subscription): string {
  const [item] = subscription.items.data;
  if (!item) return '';
  const amount = (item.price.unit_amount ?? 0) * (item.quantity ?? 1);
  return `${money(amount, item.price.currency)} per ${item.price.recurring?.interval ?? 'month'}`;
}

function subscriptionPart(visitor: Visitor, at: string, subscription: Subscription): Html {
  const end = subscription.items.data[0]?.current_period_end ?? subscription.created;
  const ending = subscription.cancel_at_period_end || subscription.cancel_at !== null;
  const { subscription_cancel: cancelling } = visitor.features;
  return html`<h2>${nameOf(visitor, subscription)}</h2><p class="price">${priceOf(subscription)}</p>
<p>${statusTexts[subscription.status] ?? subscription.status}. ${
    ending
      ? html`Ends on ${day(subscription.cancel_at ?? end)}.`
      : html`${subscription.status === 'trialing' ? 'First payment' : 'Renews'} on ${day(end)}.`
  }</p>
${cancelling.enabled && (ending ? button(at, 'renew', subscription.id, 'Renew plan', true) : html`<p><a href="${at}/cancel">Cancel plan</a></p>`)}`;
}

function invoiceRow(at: string, invoice: Invoice): Html {
  return html`<tr><td class="date">${day(invoice.created)}</td>
<td><a href="${invoice.hosted_invoice_url}">${invoice.number ?? invoice.id}</a></td><td>${invoice.status}</td>
<td class="amount">${money(invoice.total, invoice.currency)}</td>
<td>${invoice.status === 'open' && button(at, 'pay', invoice.id, html`Pay<span class="sr"> ${invoice.number}</span>`)}</td></tr>`;
}

function invoicesPart(visitor: Visitor, at: string): Html {
  const invoices = sentInvoices(visitor);
  if (invoices.length === 0) return html`<h2>Invoices</h2><p class="muted">None yet.</p>`;
  return html`<h2>Invoices</h2><table><thead><tr><th scope="col">Date</th><th scope="col">Number</th><th scope="col">Status</th>
<th scope="col" class="amount">Total</th><th scope="col">Payment</th></tr></thead>
<tbody>${invoices.map(invoice => invoiceRow(at, invoice))}</tbody></table>`;
}

const brandOf = (brand: string) => brand.charAt(0).toUpperCase() + brand.slice(1);

function cardPart(visitor: Visitor, at: string): Html {
  const card = cardInUse(visitor)?.card;
  const text = card ? `${brandOf(card.brand)} ending in ${card.last4}` : 'No card on file.';
  return html`<h2>Payment method</h2><p>${text}</p>${
    visitor.features.payment_method_update.enabled &&
    html`<p><a href="${at}/card">${card ? 'Update' : 'Add'} payment method</a></p>`
  }`;
}

/** The first page: plan, card, invoices. */
export function homePage(visitor: Visitor, at: string, error?: string): Response {
  const subscriptions = liveSubscriptions(visitor);
  const { email, name } = visitor.surface.state.customers[visitor.session.customer] ?? {};
  return pageOf({
    title: 'Billing',
    status: error ? 402 : 200,
    body: html`<h1>Billing</h1><p class="muted">${name ?? email}</p>${errorBox(error)}
${subscriptions.length === 0 && html`<p>No current plan.</p>`}
${subscriptions.map(subscription => subscriptionPart(visitor, at, subscription))}
${cardPart(visitor, at)}${visitor.features.invoice_history.enabled && invoicesPart(visitor, at)}${backLink(visitor)}`,
  });
}

/** The form for another card. */
export function cardForm(visitor: Visitor, at: string, error?: string): Response {
  return pageOf({
    title: 'Payment method',
    status: error ? 402 : 200,
    body: html`<h1>Payment method</h1>${errorBox(error)}<form method="post" action="${at}">${choices(
      'New card',
      'card',
      [
        ['works', 'Card that works'],
        ['declined', 'Card is declined'],
        ['authenticate', 'Needs authentication'],
      ],
    )}<button class="main" name="action" value="card">Save</button></form>${backLink(visitor)}`,
  });
}

/** The question before cancelling; of `id`, else of the first subscription. */
export function askToCancel(visitor: Visitor, at: string, id: string | undefined, error?: string): Response {
  const all = liveSubscriptions(visitor);
  const subscription = id ? all.find(own => own.id === id) : all[0];
  if (!subscription) return sayingPage('Nothing to cancel', 'There is no current plan.');
  const end = subscription.items.data[0]?.current_period_end ?? subscription.created;
  const atEnd = visitor.features.subscription_cancel.mode === 'at_period_end';
  return pageOf({
    title: 'Cancel plan',
    body: html`<h1>Cancel ${nameOf(visitor, subscription)}?</h1>${errorBox(error)}
<p>${atEnd ? `The plan stays usable until ${day(end)}.` : 'The plan ends at once.'}</p>
<div class="row">${button(at, 'cancel', subscription.id, 'Cancel plan', true)}<a href="${at}/home">Keep plan</a></div>`,
  });
}
