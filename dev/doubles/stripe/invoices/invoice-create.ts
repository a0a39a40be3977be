/** Invoices that somebody makes by hand: of no subscription, and without lines. */
import { z } from 'zod';
import { missing } from '@/dev/doubles/stripe/errors';
import { draftInvoice } from '@/dev/doubles/stripe/invoices/invoice-shape';
import { keepInvoice } from '@/dev/doubles/stripe/invoices/invoices';
import { flag, mergeMetadata, metadataChange, parseParams } from '@/dev/doubles/stripe/params';
import type { Call } from '@/dev/doubles/stripe/router';
import type { Invoice, Subscription } from '@/dev/doubles/stripe/wire';

const params = {
  customer: z.string(),
  auto_advance: flag.optional(),
  collection_method: z.enum(['charge_automatically', 'send_invoice']).optional(),
  currency: z.string().length(3).optional(),
  days_until_due: z.coerce.number().int().min(0).optional(),
  description: z.string().optional(),
  metadata: metadataChange,
};

/** A draft for a customer. Throws 400 for one that is not there. */
export function createInvoice({ state, form }: Call): Invoice {
  const given = parseParams(params, form);
  const { customer, collection_method = 'charge_automatically', currency = 'usd', days_until_due = null } = given;
  if (!state.customers[customer]) throw missing('customer', customer, 'customer');
  const terms = { customer, collection_method, currency, days_until_due } as Subscription;
  return keepInvoice(state, {
    ...draftInvoice(state, terms, { reason: 'subscription_create', lines: [] }),
    auto_advance: given.auto_advance ?? false,
    billing_reason: 'manual',
    description: given.description ?? null,
    metadata: mergeMetadata({}, given.metadata),
    parent: null,
  });
}
