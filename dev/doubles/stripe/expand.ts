/** `expand[]`: puts objects in the place of ids along the paths that a caller names. */
import { StripeError } from '@/dev/doubles/stripe/errors';
import { intentOf, paymentsOf } from '@/dev/doubles/stripe/payments/payment-intents';
import type { StripeState } from '@/dev/doubles/stripe/state';

const maxDepth = 4;

const storeOf = (state: StripeState): [prefix: string, store: Record<string, unknown>][] => [
  ['prod_', state.products],
  ['price_', state.prices],
  ['cus_', state.customers],
  ['sub_sched_', state.schedules],
  ['sub_', state.subscriptions],
  ['pm_', state.paymentMethods],
  ['pi_', state.paymentIntents],
  ['in_', state.invoices],
  ['clock_', state.testClocks],
];

const list = (data: unknown[], url: string) => ({ object: 'list', data, has_more: false, url });

type Includable = (state: StripeState, id: string) => unknown;
/** Fields that are there only when they are asked for. */
const included: Record<string, Record<string, Includable>> = {
  invoice: {
    payments: (state, id) => list(paymentsOf(state, id), `/v1/invoice_payments?invoice=${id}`),
    confirmation_secret: (state, id) => {
      const secret = intentOf(state, id)?.client_secret;
      return secret ? { client_secret: secret, type: 'payment_intent' } : null;
    },
  },
  customer: {
    subscriptions: (state, id) => {
      const own = Object.values(state.subscriptions).filter(item => item.customer === id && item.status !== 'canceled');
      return list(own.toReversed(), `/v1/customers/${id}/subscriptions`);
    },
  },
};

type Plain = Record<string, unknown>;

function fieldOf(state: StripeState, value: Plain, field: string, whole: string): unknown {
  if (field in value) return value[field];
  const include = included[String(value.object)]?.[field];
  if (include) return include(state, String(value.id));
  throw new StripeError(400, `This property cannot be expanded (${whole}).`, { param: 'expand' });
}

function expandAt(state: StripeState, value: unknown, path: string[], whole: string): unknown {
  if (Array.isArray(value)) return value.map(item => expandAt(state, item, path, whole));
  const [field, ...rest] = path;
  if (field === undefined || value === null || typeof value !== 'object') return value;
  const inner = fieldOf(state, value as Plain, field, whole);
  const store =
    typeof inner === 'string' ? storeOf(state).find(([prefix]) => inner.startsWith(prefix))?.[1] : undefined;
  const object = store && typeof inner === 'string' ? (store[inner] ?? state.deletedCustomers[inner] ?? inner) : inner;
  return { ...value, [field]: expandAt(state, object, rest, whole) };
}

/** The answer with each path expanded; the original stays as it is. Throws 400 for a path that is not there. */
export function expandPaths(state: StripeState, answer: unknown, paths: unknown): unknown {
  if (!Array.isArray(paths)) return answer;
  return paths.reduce<unknown>((value, given) => {
    const path = String(given).split('.');
    if (path.length > maxDepth) {
      const text = `You cannot expand more than ${maxDepth} levels of a property. Property: ${String(given)}`;
      throw new StripeError(400, text, { param: 'expand' });
    }
    return expandAt(state, value, path, String(given));
  }, answer);
}
