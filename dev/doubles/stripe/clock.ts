/** Time as a customer's objects see it: that of the customer's test clock, else the machine's. In seconds. */
import { nowSeconds, type StripeState } from '@/dev/doubles/stripe/state';

export const daySeconds = 86_400;
export const hourSeconds = 3_600;

/** Set while something that was due earlier is run, so that it is dated when it was due. */
let running: number | null = null;

/** Runs `work` as if it were `at`. */
export function atTime<Result>(at: number, work: () => Result): Result {
  const before = running;
  running = at;
  try {
    return work();
  } finally {
    running = before;
  }
}

/** The time for a customer's objects; without a customer, the machine's. */
export function now(state: StripeState, customer?: string | null): number {
  if (running !== null) return running;
  const clock = customer ? state.customers[customer]?.test_clock : null;
  return (clock ? state.testClocks[clock]?.frozen_time : undefined) ?? nowSeconds();
}
