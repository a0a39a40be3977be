/**
 * The double's own switches for tests, under `/_control/…`, JSON both ways, without a key; a real Stripe has none of them.
 *
 * POST clock {customer, advance_to | seconds}   moves time for one customer, who gets a test clock at the real time first
 * POST clock {customer, start_at}               gives a customer without one a test clock at that time, also in the past
 * POST clock {customer, real: true}             takes the customer off its test clock, back to the machine's time
 * POST card {customer, behaviour}               how the customer's card behaves from now on: ok, declined,
 *                                               insufficient_funds, authentication_required
 * POST checkout {customer, hold}                true: what Checkout is paid for comes later; false: it comes now
 * GET  deliveries ?status= ?customer= ?event=   what was sent and what waits
 * POST deliveries {mode, copies?, delay_ms?, endpoint?, customer?}
 *                                               normal; hold: kept until released; duplicate: each sent `copies` times (3);
 *                                               reverse: newest first, once nothing came for `delay_ms` (500);
 *                                               a rule may be for one endpoint or one customer's events only
 * POST deliveries/release {order?, copies?, customer?}
 *                                               sends held ones one after the other, by the given event ids first;
 *                                               answers once each was tried; a later one with `order` again sends those events again
 * POST redeliver {event, endpoint?}             sends an event again
 * POST fail {path, method?, times?, status?}    the next calls of a path (`*` at its end for all below it) answer 500, 503, 429
 *                                               or hang until the caller gives up, or are done and answer 502 (lost);
 *                                               times 0 ends it
 * POST settings {after_last_retry}              cancel, unpaid or past_due: what the account does after the last failed retry
 */

import { z } from 'zod';
import { holdCheckout } from '@/dev/doubles/stripe/control/control-checkout';
import { moveClock, setCard } from '@/dev/doubles/stripe/control/control-customer';
import * as deliveries from '@/dev/doubles/stripe/control/control-deliveries';
import { addFailure } from '@/dev/doubles/stripe/control/control-failures';
import type { Surface } from '@/dev/doubles/stripe/control/surface';
import { StripeError } from '@/dev/doubles/stripe/errors';
import { setSettings } from '@/dev/doubles/stripe/settings';

type Control = (surface: Surface, given: unknown) => unknown;

const controls: Record<string, Control> = {
  'POST clock': moveClock,
  'POST card': setCard,
  'POST checkout': holdCheckout,
  'GET deliveries': deliveries.list,
  'POST deliveries': deliveries.setRule,
  'POST deliveries/release': deliveries.release,
  'POST redeliver': deliveries.redeliver,
  'POST fail': ({ state }, given) => addFailure(state, given),
  'POST settings': ({ state }, given) => setSettings(state, given),
};

const refusal = (status: number, message: string) => Response.json({ error: { message } }, { status });

async function given(request: Request): Promise<unknown> {
  if (request.method === 'GET') return Object.fromEntries(new URL(request.url).searchParams);
  const text = await request.text();
  return text ? JSON.parse(text) : {};
}

/** Answers a call under `/_control/`. */
export async function control(surface: Surface, request: Request): Promise<Response> {
  const name = `${request.method} ${new URL(request.url).pathname.replace('/_control/', '')}`;
  const run = Object.hasOwn(controls, name) ? controls[name] : undefined;
  if (!run) return refusal(404, `The double has no ${name}; it has ${Object.keys(controls).join(', ')}.`);
  try {
    return Response.json((await run(surface, await given(request))) ?? {});
  } catch (error) {
    if (error instanceof z.ZodError) return refusal(400, z.prettifyError(error));
    if (error instanceof SyntaxError) return refusal(400, 'The body is not JSON.');
    if (error instanceof StripeError) return refusal(error.status, error.message);
    throw error;
  }
}
