/** The Stripe double: the part of Stripe's API the product uses, its objects kept in a file. A process of its own. */
import { defineEmulator } from 'emulate';
import { runDouble } from '@/lib/local/double-server';
import { catalogRoutes, ourCatalog } from '@/lib/local/stripe/catalog';
import { customerRoutes } from '@/lib/local/stripe/customers';
import { answer } from '@/lib/local/stripe/router';
import { emptyState, fillState, type StripeState } from '@/lib/local/stripe/state';
import { subscriptionRoutes } from '@/lib/local/stripe/subscriptions';

const routes = [...catalogRoutes, ...customerRoutes, ...subscriptionRoutes];

export const stripe = defineEmulator<StripeState>({
  name: 'stripe',
  state: () => ({ ...emptyState(), ...ourCatalog() }),
  setup({ app, state, baseUrl }) {
    fillState(state);
    state.baseUrl = baseUrl;
    app.get('/health', c => c.json({ ok: true }));
    for (const method of ['GET', 'POST', 'DELETE', 'PUT', 'PATCH']) {
      app.on(method, '*', c => answer(state, routes, c.req.raw));
    }
  },
});

if (import.meta.main) await runDouble(stripe, { saving: 'lazy' });
