/** `expand[]`: puts objects in the place of ids along the paths that a caller names. */
import { StripeError } from '@/lib/local/stripe/errors';
import type { StripeState } from '@/lib/local/stripe/state';

const stores: [prefix: string, store: 'products' | 'prices' | 'customers' | 'subscriptions'][] = [
  ['prod_', 'products'],
  ['price_', 'prices'],
  ['cus_', 'customers'],
  ['sub_', 'subscriptions'],
];

function expandAt(state: StripeState, value: unknown, path: string[], whole: string): unknown {
  if (Array.isArray(value)) return value.map(item => expandAt(state, item, path, whole));
  const [field, ...rest] = path;
  if (field === undefined || value === null || typeof value !== 'object') return value;
  if (!(field in value)) {
    throw new StripeError(400, `This property cannot be expanded (${whole}).`, { param: 'expand' });
  }
  const inner = (value as Record<string, unknown>)[field];
  const store = typeof inner === 'string' ? stores.find(([prefix]) => inner.startsWith(prefix))?.[1] : undefined;
  const object = store && typeof inner === 'string' ? (state[store][inner] ?? inner) : inner;
  return { ...value, [field]: expandAt(state, object, rest, whole) };
}

/** The answer with each path expanded; the original stays as it is. */
export function expandPaths(state: StripeState, answer: unknown, paths: unknown): unknown {
  if (!Array.isArray(paths)) return answer;
  return paths.reduce<unknown>((value, path) => expandAt(state, value, String(path).split('.'), String(path)), answer);
}
