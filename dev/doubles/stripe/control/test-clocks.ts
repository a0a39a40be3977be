/** Test clocks: time of their customers alone, which stands still until it is advanced. */
import { z } from 'zod';
import { daySeconds } from '@/dev/doubles/stripe/clock';
import { deleteCustomer } from '@/dev/doubles/stripe/customers';
import { runDue } from '@/dev/doubles/stripe/due';
import { missing, StripeError } from '@/dev/doubles/stripe/errors';
import { emit } from '@/dev/doubles/stripe/events/events';
import { page, paging } from '@/dev/doubles/stripe/lists';
import { integer, parseParams } from '@/dev/doubles/stripe/params';
import type { Call, Route } from '@/dev/doubles/stripe/router';
import { newId, nowSeconds, type StripeState } from '@/dev/doubles/stripe/state';
import type { TestClock } from '@/dev/doubles/stripe/wire';

const path = '/v1/test_helpers/test_clocks';
const keptSeconds = 30 * daySeconds;

function found(state: StripeState, id: string): TestClock {
  const clock = state.testClocks[id];
  if (!clock) throw missing('testClock', id);
  return clock;
}

function create({ state, form }: Call): TestClock {
  const given = parseParams({ frozen_time: integer, name: z.string().max(300).optional() }, form);
  const created = nowSeconds();
  const clock: TestClock = {
    id: newId('clock'),
    object: 'test_helpers.test_clock',
    created,
    deletes_after: created + keptSeconds,
    frozen_time: given.frozen_time,
    livemode: false,
    name: given.name ?? null,
    status: 'ready',
    status_details: {},
  };
  state.testClocks[clock.id] = clock;
  emit(state, 'test_helpers.test_clock.created', clock);
  return clock;
}

/** Answers `advancing` as Stripe does; all that was due has happened by then, and the next look says `ready`. */
function advance({ state, id, form }: Call): TestClock {
  const clock = found(state, id);
  const { frozen_time: target } = parseParams({ frozen_time: integer }, form);
  if (target <= clock.frozen_time) {
    throw new StripeError(400, 'The frozen time must be after the current frozen time of the test clock.', {
      param: 'frozen_time',
    });
  }
  const answer: TestClock = {
    ...clock,
    status: 'advancing',
    status_details: { advancing: { target_frozen_time: target } },
  };
  emit(state, 'test_helpers.test_clock.advancing', answer);
  runDue(state, id, target, at => {
    clock.frozen_time = Math.max(clock.frozen_time, at);
  });
  clock.frozen_time = target;
  emit(state, 'test_helpers.test_clock.ready', clock);
  return answer;
}

/** Removes a clock with its customers and all that is theirs. */
function remove({ state, id }: Call) {
  const clock = found(state, id);
  for (const customer of Object.values(state.customers)) {
    if (customer.test_clock !== id) continue;
    deleteCustomer(state, customer.id);
    delete state.deletedCustomers[customer.id];
  }
  for (const store of [state.subscriptions, state.schedules, state.invoices]) {
    for (const object of Object.values(store)) if (object.test_clock === id) delete store[object.id];
  }
  delete state.testClocks[id];
  emit(state, 'test_helpers.test_clock.deleted', clock);
  return { id, object: 'test_helpers.test_clock', deleted: true };
}

export const testClockRoutes: Route[] = [
  ['POST', path, create],
  ['GET', path, ({ state, form }) => page(Object.values(state.testClocks), path, parseParams(paging, form))],
  ['GET', `${path}/:id`, ({ state, id }) => found(state, id)],
  ['POST', `${path}/:id/advance`, advance],
  ['DELETE', `${path}/:id`, remove],
];

const tickMs = 1_000;

/** Runs what falls due on the machine's own time, for customers without a clock. Ends with the signal. */
export function keepTime(state: StripeState, signal: AbortSignal): void {
  const timer = setInterval(() => {
    try {
      runDue(state, null, nowSeconds());
    } catch (error) {
      console.error('[stripe] what was due failed', error);
    }
  }, tickMs);
  timer.unref();
  signal.addEventListener('abort', () => clearInterval(timer), { once: true });
}
