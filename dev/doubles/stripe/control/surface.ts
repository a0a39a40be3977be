/** What the double's switches and pages work with. */
import type { Deliverer } from '@/dev/doubles/stripe/events/deliveries';
import type { Form } from '@/dev/doubles/stripe/form';
import type { Route } from '@/dev/doubles/stripe/router';
import type { StripeState } from '@/dev/doubles/stripe/state';

/** A call of the double's own API, as a client would make it. Throws StripeError. */
export type CallApi = (method: Route[0], path: string, form?: Form) => unknown;
export type Surface = { state: StripeState; call: CallApi; deliverer: Deliverer };
