/** What the double is given as data when it starts, as an operator would have set up the account: prices, and an endpoint. */
import { z } from 'zod';

const catalogPrice = z.strictObject({
  product: z.strictObject({ id: z.string(), name: z.string(), metadata: z.record(z.string(), z.string()) }),
  lookup_key: z.string(),
  /** In cents. */
  unit_amount: z.int().min(0),
  currency: z.string().length(3),
  interval: z.enum(['day', 'week', 'month', 'year']),
});
export type CatalogPrice = z.output<typeof catalogPrice>;

export type GivenEndpoint = { url: string; secret: string; events: string[] };

/** The prices of STRIPE_CATALOG, a JSON array; none where it is not set. */
export const givenPrices = (): CatalogPrice[] =>
  z.array(catalogPrice).parse(JSON.parse(process.env.STRIPE_CATALOG ?? '[]'));

/** The endpoint that is known before whoever listens there runs; STRIPE_WEBHOOK_EVENTS is a list with commas, else all. */
export function givenEndpoint(): GivenEndpoint | undefined {
  const { STRIPE_WEBHOOK_URL: url, STRIPE_WEBHOOK_SECRET: secret, STRIPE_WEBHOOK_EVENTS: events } = process.env;
  return url && secret ? { url, secret, events: (events ?? '*').split(',') } : undefined;
}
