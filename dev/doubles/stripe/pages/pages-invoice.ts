/** An invoice's hosted page and its PDF. */
import { payNow } from '@/dev/doubles/stripe/collection';
import type { Surface } from '@/dev/doubles/stripe/control/surface';
import { missing, StripeError } from '@/dev/doubles/stripe/errors';
import { day, errorBox, goTo, html, money, pageOf } from '@/dev/doubles/stripe/pages/pages-html';
import { pdfOf } from '@/dev/doubles/stripe/pages/pages-pdf';
import type { Visit } from '@/dev/doubles/stripe/pages/visit';
import type { Invoice } from '@/dev/doubles/stripe/wire';

type Line = { text: string; amount: string };

const linesOf = ({ lines, currency }: Invoice): Line[] =>
  lines.data.map(({ description, amount, period }) => ({
    text: `${description ?? 'Subscription'} (${day(period.start)} to ${day(period.end)})`,
    amount: money(amount, currency),
  }));

const titleOf = ({ number, id }: Invoice) => `Invoice ${number ?? id}`;

function invoiceView(invoice: Invoice, error?: string): Response {
  const { currency, id, status } = invoice;
  const person = invoice.customer_name ?? invoice.customer_email;
  return pageOf({
    title: titleOf(invoice),
    status: error ? 402 : 200,
    body: html`<h1>${titleOf(invoice)}</h1><p class="muted">${day(invoice.created)}${person && ` · ${person}`} · ${status}</p>
${errorBox(error)}<table><thead><tr><th scope="col">What</th><th scope="col" class="amount">Amount</th></tr></thead>
<tbody>${linesOf(invoice).map(({ text, amount }) => html`<tr><td>${text}</td><td class="amount">${amount}</td></tr>`)}
<tr><th scope="row">Total</th><td class="amount">${money(invoice.total, currency)}</td></tr>
<tr><th scope="row">Amount due</th><td class="amount">${money(invoice.amount_remaining, currency)}</td></tr></tbody></table>
${
  status === 'open' &&
  html`<form method="post" action="/i/${id}"><p><button class="main">Pay ${money(invoice.amount_remaining, currency)}</button></p></form>`
}<p><a href="/i/${id}/pdf">Download PDF</a></p>`,
  });
}

function invoicePdf(invoice: Invoice): Response {
  const { currency } = invoice;
  const text = [
    titleOf(invoice),
    `${day(invoice.created)}   Status: ${invoice.status ?? ''}`,
    `For: ${[invoice.customer_name, invoice.customer_email].filter(Boolean).join(', ')}`,
    '',
    ...linesOf(invoice).map(line => `${line.text}   ${line.amount}`),
    '',
    `Total: ${money(invoice.total, currency)}`,
    `Paid: ${money(invoice.amount_paid, currency)}`,
    `Amount due: ${money(invoice.amount_remaining, currency)}`,
    '',
    'Made by a local test double of Stripe: not an invoice to be paid.',
  ];
  const headers = {
    'content-type': 'application/pdf',
    'content-disposition': `attachment; filename="${titleOf(invoice).replaceAll(' ', '-')}.pdf"`,
  };
  return new Response(pdfOf(text), { headers });
}

/** Where the bank asks whether it was the cardholder; real banks do so in a frame of the page. */
function bankPage(invoice: Invoice): Response {
  return pageOf({
    title: 'Your bank asks',
    body: html`<h1>Your bank asks</h1><p>Was it you who wants to pay ${money(invoice.amount_remaining, invoice.currency)} with this card?</p>
<form method="post" action="/i/${invoice.id}/authenticate" class="row">
<button class="main" name="outcome" value="approve">Approve</button><button name="outcome" value="fail">Fail</button></form>`,
  });
}

const notAuthenticated =
  'We are unable to authenticate your payment method. Please choose a different payment method and try again.';

/** Pays with the card in use; `confirmed` once the cardholder has answered the bank. */
function pay({ state }: Surface, invoice: Invoice, confirmed: boolean): Response {
  try {
    payNow(state, invoice, { confirmed });
  } catch (error) {
    if (!(error instanceof StripeError)) throw error;
    const asks = error.details.code === 'invoice_payment_intent_requires_action';
    return asks ? goTo(`/i/${invoice.id}/authenticate`) : invoiceView(invoice, error.message);
  }
  return goTo(`/i/${invoice.id}`);
}

/** GET and POST of /i/<id> and /i/<id>/authenticate, GET of /i/<id>/pdf. */
export function invoicePage(surface: Surface, { id, rest, form }: Visit): Response {
  const invoice = surface.state.invoices[id];
  if (!invoice || invoice.status === 'draft') throw missing('invoice', id);
  if (rest === 'pdf') return invoicePdf(invoice);
  if (rest === 'authenticate' && invoice.status === 'open') {
    if (!form) return bankPage(invoice);
    return form.get('outcome') === 'approve' ? pay(surface, invoice, true) : invoiceView(invoice, notAuthenticated);
  }
  if (rest !== '') throw missing('page', rest);
  return form ? pay(surface, invoice, false) : invoiceView(invoice);
}
