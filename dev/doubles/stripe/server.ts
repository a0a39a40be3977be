/** The Stripe double: the part of Stripe's API the product uses, its objects kept in a file. A process of its own. */
import { defineEmulator } from 'emulate';
import { runDouble } from '@/dev/doubles/double-server';
import { catalogOf, catalogRoutes } from '@/dev/doubles/stripe/catalog';
import { checkoutRoutes } from '@/dev/doubles/stripe/checkout/checkout';
import { control } from '@/dev/doubles/stripe/control/control';
import { failurePlanned } from '@/dev/doubles/stripe/control/control-failures';
import type { Surface } from '@/dev/doubles/stripe/control/surface';
import { keepTime, testClockRoutes } from '@/dev/doubles/stripe/control/test-clocks';
import { customerRoutes } from '@/dev/doubles/stripe/customers';
import { Deliverer } from '@/dev/doubles/stripe/events/deliveries';
import { eventRoutes } from '@/dev/doubles/stripe/events/events-list';
import { keepKnownEndpoint, webhookEndpointRoutes } from '@/dev/doubles/stripe/events/webhook-endpoints';
import { givenEndpoint, givenPrices } from '@/dev/doubles/stripe/given';
import { invoiceRoutes } from '@/dev/doubles/stripe/invoices/invoice-routes';
import { showPage } from '@/dev/doubles/stripe/pages/pages';
import { paymentMethodRoutes } from '@/dev/doubles/stripe/payments/payment-methods';
import { paymentRoutes } from '@/dev/doubles/stripe/payments/payment-routes';
import { portalRoutes } from '@/dev/doubles/stripe/portal/portal';
import { keepDefaultConfiguration } from '@/dev/doubles/stripe/portal/portal-configuration';
import { answer, dispatch, type Route } from '@/dev/doubles/stripe/router';
import { scheduleRoutes } from '@/dev/doubles/stripe/schedules/schedules';
import { emptyState, fillState, type StripeState } from '@/dev/doubles/stripe/state';
import { subscriptionRoutes } from '@/dev/doubles/stripe/subscriptions/subscriptions';
import { endWithStarter } from '@/dev/stack/signals';

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

export const stripe = defineEmulator<StripeState>({
  name: 'stripe',
  state: () => ({ ...emptyState(), ...catalogOf(givenPrices()) }),
  setup({ app, state, baseUrl, signal, onDispose }) {
    fillState(state);
    state.baseUrl = baseUrl;
    const endpoint = givenEndpoint();
    if (endpoint) keepKnownEndpoint(state, endpoint);
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
