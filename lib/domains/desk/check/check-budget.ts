/** How long the check may work on one customer's texts: it holds the process that also answers everybody else. */
import { consume } from '@/lib/kernel/limits';
import { AppError } from '@/lib/platform/errors';
import { processWide } from '@/lib/platform/process-wide';

/** Milliseconds of work in each window; a fifth of a core. An ordinary text takes 5 to 20. */
const rule = { name: 'desk-check-ms', points: 2_000, seconds: 10 };
/** Texts of a customer that wait in this process for the one that is checked. */
const mostWaiting = 10;

type Line = { last: Promise<unknown>; waiting: number };
const lines = () => processWide('desk-check-lines', () => new Map<string, Line>());

const busy = (seconds: number, why: string) =>
  new AppError('rate_limited', why, { retryAfterSeconds: Math.max(1, seconds) });

async function checkedNow<Result>(customerId: string, check: (worked: (ms: number) => void) => Promise<Result>) {
  const { allowed, resetSeconds } = await consume(rule, customerId);
  if (!allowed) throw busy(resetSeconds, 'The check of your queries has used up its time. Try again in a moment.');
  let workedMs = 0;
  try {
    return await check(ms => {
      workedMs += ms;
    });
  } finally {
    await consume(rule, customerId, Math.max(1, Math.ceil(workedMs)));
  }
}

/**
 * Checks one text of the customer after the other, in this process, as long as the customer's time lasts; `check` says how
 * long it worked. Throws AppError rate_limited, and what `check` throws.
 */
export async function withinCheckBudget<Result>(
  customerId: string,
  check: (worked: (ms: number) => void) => Promise<Result>,
): Promise<Result> {
  const line = lines().get(customerId) ?? { last: Promise.resolve(), waiting: 0 };
  if (line.waiting > mostWaiting) throw busy(1, 'Too many of your queries wait for their check.');
  lines().set(customerId, line);
  line.waiting += 1;
  const answer = line.last.then(() => checkedNow(customerId, check));
  line.last = answer.then(
    () => undefined,
    () => undefined,
  );
  try {
    return await answer;
  } finally {
    line.waiting -= 1;
    if (line.waiting === 0) lines().delete(customerId);
  }
}
