/** What callers may send about prices of models; forms, JSON and the operator's imports alike. */
import { z } from 'zod';
import { bookProvider, withoutProvider } from '@/lib/domains/traces/prices/match-model';
import { traceSizes } from '@/lib/domains/traces/rules';
import { utcDayInput } from '@/lib/kernel/input';
import { openLineInput } from '@/lib/kernel/names';

/** Dollars per million tokens; the dearest model costs a few hundred. */
const maxUsd = 100_000;
/** From here on holds the first price of a model unless the import says otherwise: nothing is known of the time before. */
export const bookBegins = '2020-01-01';
/** Models of one import; LiteLLM's map has 5,000. */
export const maxImported = 50_000;

const usd = z
  .number('Write dollars per million tokens, such as 2.5.')
  .min(0, 'A price is not negative.')
  .max(maxUsd, `At most ${maxUsd} dollars per million tokens.`);
const openUsd = usd.nullable().default(null);

const figures = {
  input_usd: usd,
  output_usd: usd,
  cache_read_usd: openUsd,
  cache_write_usd: openUsd,
  cache_write_1h_usd: openUsd,
  reasoning_usd: openUsd,
};
const priceFigures = z.strictObject(figures);
/** Dollars per million tokens of each kind; null = as docs/traces.md says of what the book leaves open. */
export type PriceFigures = z.output<typeof priceFigures>;

const modelName = openLineInput(traceSizes.nameSigns).refine(
  name => name !== '',
  'Name the model as requests name it.',
);
const providerName = openLineInput(64).transform(bookProvider);

/** A price as it is named in the book: the provider in one spelling, the model without it. */
function inBookNames<Price extends { provider: string; model: string }>(price: Price): Price {
  return { ...price, model: withoutProvider(price.provider, price.model) };
}

export const setPriceInput = z
  .strictObject({
    /** '' = any provider. */
    provider: providerName.default(''),
    model: modelName,
    /** First UTC day; today unless said. */
    effective_from: utcDayInput.optional(),
    ...figures,
  })
  .transform(inBookNames);

export const priceIdInput = z.strictObject({
  price_id: z.string().regex(/^[\w-]{1,64}$/, 'This is not the id of a price.'),
});

export const importPricesInput = z.strictObject({
  /** First UTC day of what changed; today for changed prices and the beginning of the book for new ones unless said. */
  effective_from: utcDayInput.optional(),
  /** Named as the book names them, since `perplexity/sonar` at Perplexity is not its `sonar`. */
  prices: z
    .array(z.strictObject({ provider: providerName, model: modelName, ...figures }))
    .min(1)
    .max(maxImported),
});
