/** The calls of the API that read payments of invoices and their intents. */
import { z } from 'zod';
import { missing } from '@/dev/doubles/stripe/errors';
import { page, paging } from '@/dev/doubles/stripe/lists';
import { parseParams } from '@/dev/doubles/stripe/params';
import type { Route } from '@/dev/doubles/stripe/router';

const paymentFilters = {
  ...paging,
  invoice: z.string().optional(),
  status: z.enum(['open', 'paid', 'canceled']).optional(),
};

export const paymentRoutes: Route[] = [
  [
    'GET',
    '/v1/payment_intents',
    ({ state, form }) => {
      const { customer, ...paged } = parseParams({ ...paging, customer: z.string().optional() }, form);
      const own = Object.values(state.paymentIntents).filter(intent => !customer || intent.customer === customer);
      return page(own, '/v1/payment_intents', paged);
    },
  ],
  [
    'GET',
    '/v1/payment_intents/:id',
    ({ state, id }) => {
      const intent = state.paymentIntents[id];
      if (!intent) throw missing('payment_intent', id);
      return intent;
    },
  ],
  [
    'GET',
    '/v1/invoice_payments',
    ({ state, form }) => {
      const { invoice, status, ...paged } = parseParams(paymentFilters, form);
      const items = Object.values(state.invoicePayments).filter(
        payment => (!invoice || payment.invoice === invoice) && (!status || payment.status === status),
      );
      return page(items, '/v1/invoice_payments', paged);
    },
  ],
  [
    'GET',
    '/v1/invoice_payments/:id',
    ({ state, id }) => {
      const payment = state.invoicePayments[id];
      if (!payment) throw missing('invoice_payment', id);
      return payment;
    },
  ],
];
