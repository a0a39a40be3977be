/** The Stripe double: the part of Stripe's API the product uses, its objects kept in a file. A process of its own. */
import { defineEmulator } from 'emulate';
import { runDouble } from '@/lib/local/double-server';
import { endWithStarter } from '@/lib/local/signals';
import { catalogRoutes, ourCatalog } from '@/lib/local/stripe/catalog';
import { checkoutRoutes } from '@/lib/local/stripe/checkout';
import { control, type Surface } from '@/lib/local/stripe/control';
import { failurePlanned } from '@/lib/local/stripe/control-failures';
import { customerRoutes } from '@/lib/local/stripe/customers';
import { Deliverer } from '@/lib/local/stripe/deliveries';
import { eventRoutes } from '@/lib/local/stripe/events-list';
import { invoiceRoutes } from '@/lib/local/stripe/invoice-routes';
import { showPage } from '@/lib/local/stripe/pages';
import { paymentMethodRoutes } from '@/lib/local/stripe/payment-methods';
import { paymentRoutes } from '@/lib/local/stripe/payment-routes';
import { portalRoutes } from '@/lib/local/stripe/portal';
import { keepDefaultConfiguration } from '@/lib/local/stripe/portal-configuration';
import { answer, dispatch, type Route } from '@/lib/local/stripe/router';
import { scheduleRoutes } from '@/lib/local/stripe/schedules';
import { emptyState, fillState, type StripeState } from '@/lib/local/stripe/state';
import { subscriptionRoutes } from '@/lib/local/stripe/subscriptions';
import { keepTime, testClockRoutes } from '@/lib/local/stripe/test-clocks';
import { keepKnownEndpoint, webhookEndpointRoutes } from '@/lib/local/stripe/webhook-endpoints';

const routes: Route[] = [
  ...catalogRoutes,
  ...customerRoutes,
  ...paymentMethodRoutes,
  ...subscriptionRoutes,
  ...scheduleRoutes,
  ...invoiceRoutes,
  ...paymentRoutes,
  ...testClockRoutes,
  ...eventRoutes,
  ...webhookEndpointRoutes,
  ...checkoutRoutes,
  ...portalRoutes,
];

/** The portal's own endpoint, which the local stack names before the portal runs. */
function keepStackEndpoint(state: StripeState): void {
  const { STRIPE_WEBHOOK_URL: url, STRIPE_WEBHOOK_SECRET: secret } = process.env;
  if (url && secret) keepKnownEndpoint(state, { url, secret });
}

export const stripe = defineEmulator<StripeState>({
  name: 'stripe',
  state: () => ({ ...emptyState(), ...ourCatalog() }),
  setup({ app, state, baseUrl, signal, onDispose }) {
    fillState(state);
    state.baseUrl = baseUrl;
    keepStackEndpoint(state);
    keepDefaultConfiguration(state);
    const deliverer = new Deliverer(state);
    deliverer.start();
    keepTime(state, signal);
    onDispose(() => deliverer.stop());
    const surface: Surface = {
      state,
      deliverer,
      call: (method, path, form) => dispatch(state, routes, method, path, form),
    };
    app.get('/health', c => c.json({ ok: true }));
    for (const method of ['GET', 'POST', 'DELETE', 'PUT', 'PATCH']) {
      app.on(method, '*', async c => {
        const { raw } = c.req;
        if (new URL(raw.url).pathname.startsWith('/_control/')) return control(surface, raw);
        const run = async () => answer(state, routes, raw);
        return showPage(surface, raw) ?? (await failurePlanned(state, raw, run)) ?? run();
      });
    }
  },
});

if (import.meta.main) {
  if (process.env.DOUBLE_ENDS_WITH_STARTER) endWithStarter();
  await runDouble(stripe, { saving: 'lazy' });
}
