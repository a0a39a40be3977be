/** Who sends a large body: whose key it is, for which customer, whether that one may send, and how much of it at once. */
import { findCustomer } from '@/lib/domains/customers/find-customer';
import { type CustomerStatus, refusalReasonOf } from '@/lib/domains/customers/rules';
import type { KeyHolder } from '@/lib/domains/keys/verify';
import { actFor, ctxOf } from '@/lib/edge/http/authenticate';
import type { EdgeRequest } from '@/lib/edge/http/message';
import type { RequestInfo } from '@/lib/edge/http/request-info';
import type { CustomerCtx } from '@/lib/kernel/ctx';
import { consume } from '@/lib/kernel/limits';
import { AppError } from '@/lib/platform/errors';

/** What is sent, as refusals name it: `Traces`, `events of agents`. */
export type Goods = {
  /** At the beginning of a sentence. */
  named: string;
  /** kB of a customer in any ten seconds, as they were before compressing, and the name under which they are counted. */
  volume: { name: string; kilobytes: number };
};

/** Throws AppError customer_suspended and subscription_inactive. */
export function requireSending(status: CustomerStatus, { named }: Goods): void {
  const reason = refusalReasonOf(status);
  if (!reason) return;
  const words = {
    customer_suspended: 'This organization is suspended. Write to us.',
    subscription_inactive: `${named} are not taken because the subscription is not active.`,
  };
  throw new AppError(reason, words[reason]);
}

/** The context of the customer that is sent for. Throws AppError not_found, invalid_input, customer_suspended, subscription_inactive. */
export async function sendingFor(
  holder: KeyHolder,
  info: RequestInfo,
  named: string | undefined,
  goods: Goods,
): Promise<CustomerCtx> {
  const ctx = (await actFor(ctxOf(holder, info), named)) as CustomerCtx;
  if (holder.kind === 'service') requireSending((await findCustomer(ctx.customerId))?.status ?? 'CANCELLED', goods);
  return ctx;
}

const kilobyte = 1_024;

/** Counts so many bytes of a customer. Throws AppError slow_down. */
export async function takeVolume(customerId: string, bytes: number, { named, volume }: Goods): Promise<void> {
  const rule = { name: volume.name, points: volume.kilobytes, seconds: 10 };
  const { allowed, resetSeconds } = await consume(rule, customerId, Math.ceil(bytes / kilobyte));
  if (allowed) return;
  const message = `${named}: your organization sends more of them than we take at once.`;
  throw new AppError('slow_down', message, { retryAfterSeconds: resetSeconds });
}

/** The same error under the other code of those that say "later": some senders heed only 503, others 429. */
export function laterAs(code: 'slow_down' | 'rate_limited', error: unknown): unknown {
  const isLater = error instanceof AppError && (error.code === 'slow_down' || error.code === 'rate_limited');
  if (!isLater || error.code === code) return error;
  return new AppError(code, error.message, { retryAfterSeconds: error.retryAfterSeconds ?? 1, cause: error });
}

/** Throws AppError method_not_allowed for all but POST. */
export function requirePost(request: EdgeRequest, headers: Record<string, string>): void {
  if (request.method === 'POST') return;
  headers.allow = 'POST';
  throw new AppError('method_not_allowed', 'This path answers POST.');
}
