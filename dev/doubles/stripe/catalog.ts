/** Products and prices of the Stripe double; a new one starts with the prices it is given. */
import { z } from 'zod';
import { missing, StripeError } from '@/dev/doubles/stripe/errors';
import type { CatalogPrice } from '@/dev/doubles/stripe/given';
import { page, paging } from '@/dev/doubles/stripe/lists';
import { flag, integer, mergeMetadata, metadata, parseParams } from '@/dev/doubles/stripe/params';
import type { Route } from '@/dev/doubles/stripe/router';
import { newId, nowSeconds, type StripeState } from '@/dev/doubles/stripe/state';
import type { Price, Product } from '@/dev/doubles/stripe/wire';

const productParams = {
  id: z.string().optional(),
  name: z.string(),
  description: z.string().optional(),
  active: flag.optional(),
  metadata: metadata.optional(),
};
const priceParams = {
  currency: z.string().length(3),
  unit_amount: integer,
  product: z.string().optional(),
  product_data: z.strictObject({ name: z.string(), metadata: metadata.optional() }).optional(),
  recurring: z
    .strictObject({ interval: z.enum(['day', 'week', 'month', 'year']), interval_count: integer.optional() })
    .optional(),
  lookup_key: z.string().max(200).optional(),
  transfer_lookup_key: flag.optional(),
  nickname: z.string().optional(),
  active: flag.optional(),
  metadata: metadata.optional(),
};
type NewPrice = z.output<z.ZodObject<typeof priceParams>>;

function newProduct(given: Pick<Product, 'name'> & Partial<Product>): Product {
  const created = nowSeconds();
  return {
    id: newId('prod', 7),
    object: 'product',
    active: true,
    created,
    default_price: null,
    description: null,
    images: [],
    livemode: false,
    marketing_features: [],
    metadata: {},
    package_dimensions: null,
    shippable: null,
    statement_descriptor: null,
    tax_code: null,
    tax_details: null,
    type: 'service',
    unit_label: null,
    updated: created,
    url: null,
    ...given,
  };
}

function newPrice(product: string, given: NewPrice): Price {
  const interval = given.recurring;
  return {
    id: newId('price'),
    object: 'price',
    active: given.active ?? true,
    billing_scheme: 'per_unit',
    created: nowSeconds(),
    currency: given.currency.toLowerCase(),
    custom_unit_amount: null,
    livemode: false,
    lookup_key: given.lookup_key ?? null,
    metadata: given.metadata ?? {},
    nickname: given.nickname ?? null,
    product,
    recurring: interval
      ? {
          interval: interval.interval,
          interval_count: interval.interval_count ?? 1,
          meter: null,
          trial_period_days: null,
          usage_type: 'licensed',
        }
      : null,
    tax_behavior: 'unspecified',
    tiers_mode: null,
    transform_quantity: null,
    type: interval ? 'recurring' : 'one_time',
    unit_amount: given.unit_amount,
    unit_amount_decimal: String(given.unit_amount),
  };
}

/** Subscriptions show their price as it is now, not as it was when they took it. */
function showPrice(state: StripeState, price: Price): void {
  for (const { items, pending_update: pending } of Object.values(state.subscriptions)) {
    for (const item of [...items.data, ...(pending?.subscription_items ?? [])])
      if (item.price.id === price.id) item.price = structuredClone(price);
  }
}

/** A look-up key is one price's; it moves only when the caller says so. */
function claimLookupKey(state: StripeState, key: string, transfer: boolean): void {
  const holder = Object.values(state.prices).find(price => price.lookup_key === key);
  if (!holder) return;
  if (!transfer) {
    throw new StripeError(400, `A price (\`${holder.id}\`) already uses that lookup key.`, { param: 'lookup_key' });
  }
  holder.lookup_key = null;
  showPrice(state, holder);
}

function createPrice(state: StripeState, given: NewPrice): Price {
  if (Boolean(given.product) === Boolean(given.product_data)) {
    throw new StripeError(400, 'You must specify exactly one of product and product_data.', { param: 'product' });
  }
  if (given.product && !state.products[given.product]) throw missing('product', given.product, 'product');
  if (given.lookup_key) claimLookupKey(state, given.lookup_key, given.transfer_lookup_key ?? false);
  const made = given.product_data ? newProduct(given.product_data) : undefined;
  if (made) state.products[made.id] = made;
  const price = newPrice(given.product ?? made?.id ?? '', given);
  state.prices[price.id] = price;
  return price;
}

function found<Item>(items: Record<string, Item>, noun: string, id: string): Item {
  const item = items[id];
  if (!item) throw missing(noun, id);
  return item;
}

/** The given prices with a product each, found by their look-up keys. */
export function catalogOf(given: CatalogPrice[]): Pick<StripeState, 'products' | 'prices'> {
  const products: Record<string, Product> = {};
  const prices: Record<string, Price> = {};
  for (const { product: described, interval, ...amount } of given) {
    const product = newProduct(described);
    const price = newPrice(product.id, { ...amount, recurring: { interval } });
    products[product.id] = product;
    prices[price.id] = price;
  }
  return { products, prices };
}

export const catalogRoutes: Route[] = [
  [
    'POST',
    '/v1/products',
    ({ state, form }) => {
      const { id, ...given } = parseParams(productParams, form);
      if (id && state.products[id])
        throw new StripeError(400, 'Product already exists.', { code: 'resource_already_exists', param: 'id' });
      const product = newProduct({ ...given, ...(id ? { id } : {}) });
      state.products[product.id] = product;
      return product;
    },
  ],
  [
    'GET',
    '/v1/products',
    ({ state, form }) => {
      const { active, ids, ...paged } = parseParams(
        { ...paging, active: flag.optional(), ids: z.array(z.string()).optional() },
        form,
      );
      const items = Object.values(state.products).filter(
        product => (active === undefined || product.active === active) && (!ids || ids.includes(product.id)),
      );
      return page(items, '/v1/products', paged);
    },
  ],
  ['GET', '/v1/products/:id', ({ state, id }) => found(state.products, 'product', id)],
  [
    'POST',
    '/v1/products/:id',
    ({ state, id, form }) => {
      const product = found(state.products, 'product', id);
      const {
        id: _,
        metadata: changed,
        ...given
      } = parseParams({ ...productParams, name: z.string().optional() }, form);
      Object.assign(product, given, { metadata: mergeMetadata(product.metadata, changed), updated: nowSeconds() });
      return product;
    },
  ],
  ['POST', '/v1/prices', ({ state, form }) => createPrice(state, parseParams(priceParams, form))],
  [
    'GET',
    '/v1/prices',
    ({ state, form }) => {
      const filters = {
        active: flag.optional(),
        product: z.string().optional(),
        lookup_keys: z.array(z.string()).max(10).optional(),
        type: z.enum(['one_time', 'recurring']).optional(),
      };
      const { active, product, lookup_keys: keys, type, ...paged } = parseParams({ ...paging, ...filters }, form);
      const items = Object.values(state.prices).filter(
        price =>
          (active === undefined || price.active === active) &&
          (!product || price.product === product) &&
          (!keys || (price.lookup_key !== null && keys.includes(price.lookup_key))) &&
          (!type || price.type === type),
      );
      return page(items, '/v1/prices', paged);
    },
  ],
  ['GET', '/v1/prices/:id', ({ state, id }) => found(state.prices, 'price', id)],
  [
    'POST',
    '/v1/prices/:id',
    ({ state, id, form }) => {
      const price = found(state.prices, 'price', id);
      const { active, nickname, lookup_key, transfer_lookup_key, metadata: changed } = priceParams;
      const given = parseParams({ active, nickname, lookup_key, transfer_lookup_key, metadata: changed }, form);
      if (given.lookup_key && given.lookup_key !== price.lookup_key) {
        claimLookupKey(state, given.lookup_key, given.transfer_lookup_key ?? false);
      }
      price.active = given.active ?? price.active;
      price.nickname = given.nickname ?? price.nickname;
      price.lookup_key = given.lookup_key ?? price.lookup_key;
      price.metadata = mergeMetadata(price.metadata, given.metadata);
      showPrice(state, price);
      return price;
    },
  ],
];
