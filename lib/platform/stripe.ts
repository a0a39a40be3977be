/** The official Stripe client; a local base URL only changes where it calls. */
import Stripe from 'stripe';
import { env } from '@/lib/platform/env';

let client: Stripe | undefined;

/** The process's Stripe client: 2 retries, 10 s a call. */
export function stripe(): Stripe {
  if (!client) {
    const url = env().STRIPE_API_URL ? new URL(env().STRIPE_API_URL as string) : undefined;
    client = new Stripe(env().STRIPE_SECRET_KEY, {
      maxNetworkRetries: 2,
      timeout: 10_000,
      ...(url
        ? {
            host: url.hostname,
            port: Number(url.port),
            protocol: url.protocol === 'http:' ? ('http' as const) : ('https' as const),
          }
        : {}),
    });
  }
  return client;
}
