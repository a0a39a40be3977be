/** The invoice calls of the API. */
import { z } from 'zod';
import { changing } from '@/dev/doubles/stripe/changes';
import { payNow } from '@/dev/doubles/stripe/collection';
import { missing, StripeError } from '@/dev/doubles/stripe/errors';
import { createInvoice } from '@/dev/doubles/stripe/invoices/invoice-create';
import { previewInvoice, previewParams } from '@/dev/doubles/stripe/invoices/invoice-preview';
import { finalizeInvoice, markUncollectible, voidInvoice } from '@/dev/doubles/stripe/invoices/invoices';
import { page, paging } from '@/dev/doubles/stripe/lists';
import {
  emptyable,
  flag,
  inRange,
  mergeMetadata,
  metadataChange,
  parseParams,
  range,
} from '@/dev/doubles/stripe/params';
import { ownCard } from '@/dev/doubles/stripe/payments/payment-methods';
import type { Call, Route } from '@/dev/doubles/stripe/router';
import type { StripeState } from '@/dev/doubles/stripe/state';
import type { Invoice } from '@/dev/doubles/stripe/wire';

/** The invoice of an id. Throws 404. */
export function invoiceOf(state: StripeState, id: string): Invoice {
  const invoice = state.invoices[id];
  if (!invoice) throw missing('invoice', id);
  return invoice;
}

const filters = {
  ...paging,
  customer: z.string().optional(),
  subscription: z.string().optional(),
  status: z.enum(['draft', 'open', 'paid', 'uncollectible', 'void']).optional(),
  collection_method: z.enum(['charge_automatically', 'send_invoice']).optional(),
  created: range.optional(),
  due_date: range.optional(),
};

function list({ state, form }: Call) {
  const { customer, subscription, status, collection_method, created, due_date, ...paged } = parseParams(filters, form);
  const items = Object.values(state.invoices).filter(
    invoice =>
      (!customer || invoice.customer === customer) &&
      (!subscription || invoice.parent?.subscription_details?.subscription === subscription) &&
      (!status || invoice.status === status) &&
      (!collection_method || invoice.collection_method === collection_method) &&
      inRange(invoice.created, created) &&
      (due_date === undefined || (invoice.due_date !== null && inRange(invoice.due_date, due_date))),
  );
  return page(items, '/v1/invoices', paged);
}

const payParams = {
  forgive: flag.optional(),
  off_session: flag.optional(),
  paid_out_of_band: flag.optional(),
  payment_method: z.string().optional(),
};

function pay({ state, id, form }: Call): Invoice {
  const invoice = invoiceOf(state, id);
  const given = parseParams(payParams, form);
  const card = given.payment_method && ownCard(state, invoice.customer ?? '', given.payment_method, 'payment_method');
  payNow(state, invoice, { ...(card ? { card } : {}), outOfBand: given.paid_out_of_band ?? false });
  return invoice;
}

const updateParams = {
  auto_advance: flag.optional(),
  default_payment_method: emptyable(z.string()).optional(),
  description: emptyable(z.string()).optional(),
  metadata: metadataChange,
};

function update({ state, id, form }: Call): Invoice {
  const invoice = invoiceOf(state, id);
  const { metadata: changed, default_payment_method: card, ...given } = parseParams(updateParams, form);
  if (invoice.status !== 'draft' && given.description !== undefined) {
    throw new StripeError(400, 'Finalized invoices can’t be updated in this way', { code: 'invoice_not_editable' });
  }
  changing(state, 'invoice.updated', invoice, () => {
    Object.assign(invoice, given, { metadata: mergeMetadata(invoice.metadata ?? {}, changed) });
    if (card !== undefined) {
      invoice.default_payment_method = card
        ? ownCard(state, invoice.customer ?? '', card, 'default_payment_method')
        : null;
    }
  });
  return invoice;
}

/** A call that takes no parameters and moves an invoice on. */
const step =
  (change: (state: StripeState, invoice: Invoice) => void) =>
  ({ state, id, form }: Call): Invoice => {
    parseParams({ auto_advance: flag.optional() }, form);
    const invoice = invoiceOf(state, id);
    change(state, invoice);
    return invoice;
  };

export const invoiceRoutes: Route[] = [
  ['POST', '/v1/invoices/create_preview', ({ state, form }) => previewInvoice(state, parseParams(previewParams, form))],
  ['GET', '/v1/invoices', list],
  ['POST', '/v1/invoices', createInvoice],
  ['GET', '/v1/invoices/:id', ({ state, id }) => invoiceOf(state, id)],
  ['POST', '/v1/invoices/:id', update],
  [
    'GET',
    '/v1/invoices/:id/lines',
    ({ state, id, form }) => {
      // Lines are listed as they stand on the invoice, first to last; pages are cut from the newest.
      const { data, url } = invoiceOf(state, id).lines;
      return page(data.toReversed(), url, parseParams(paging, form));
    },
  ],
  ['POST', '/v1/invoices/:id/pay', pay],
  ['POST', '/v1/invoices/:id/finalize', step(finalizeInvoice)],
  ['POST', '/v1/invoices/:id/void', step(voidInvoice)],
  ['POST', '/v1/invoices/:id/mark_uncollectible', step(markUncollectible)],
];
