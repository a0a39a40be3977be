/** What the Stripe double keeps, and the helpers all of its calls use. */
import { randomBytes } from 'node:crypto';
import type { SurfaceState } from '@/lib/local/stripe/events-state';
import type { Customer, Price, Product, Subscription } from '@/lib/local/stripe/wire';

export type SavedAnswer = { request: string; body: unknown; at: number };

export type StripeState = SurfaceState & {
  products: Record<string, Product>;
  prices: Record<string, Price>;
  customers: Record<string, Customer>;
  subscriptions: Record<string, Subscription>;
  /** First answers by Idempotency-Key, kept 24 hours. */
  answers: Record<string, SavedAnswer>;
};

/** An id as Stripe makes them. */
export const newId = (prefix: string, bytes = 12): string =>
  `${prefix}_${randomBytes(bytes * 2)
    .toString('base64')
    .replaceAll(/[^A-Za-z0-9]/g, '')
    .slice(0, bytes * 2)}`;

/** The time in whole seconds, as every timestamp of Stripe. */
export const nowSeconds = (): number => Math.floor(Date.now() / 1000);
