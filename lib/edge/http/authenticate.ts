/** From a bearer key to its holder, and from the holder to the context of a call. */

import { findCustomer } from '@/lib/domains/customers/find-customer';
import { noteCall, touchKey } from '@/lib/domains/keys/uses';
import { type KeyHolder, lookUpKey } from '@/lib/domains/keys/verify';
import type { RequestInfo } from '@/lib/edge/http/request-info';
import { recordDenial } from '@/lib/kernel/audit/audit';
import type { Actor, Ctx } from '@/lib/kernel/ctx';
import { consume } from '@/lib/kernel/limits';
import type { Permission } from '@/lib/kernel/permissions';
import { systemClock } from '@/lib/platform/clock';
import { AppError } from '@/lib/platform/errors';
import { log } from '@/lib/platform/log';

const bearer = /^Bearer +([\x21-\x7e]{1,512})$/i;

/** The key in an Authorization header; undefined where there is none. */
export const bearerOf = (authorization: string | null): string | undefined =>
  authorization === null ? undefined : bearer.exec(authorization)?.[1];

/** What a service key's scope stands for on calls that customers' keys can make too. */
const impliedScopes: Record<string, readonly string[]> = {
  'runs:any': ['runs:read', 'runs:write', 'quota:read', 'providers:read'],
};

/** Unknown keys are counted in the audit trail up to this rate, so that a flood of guesses cannot become a flood of writes. */
const strangerRule = { name: 'v1-stranger-denials', points: 5, seconds: 1 };

/** The customer's key that each request under way was made with, once it is known to be valid. */
const keyOf = new WeakMap<RequestInfo, string>();
const userAgentLength = 200;

/**
 * Notes the answer to a request on the key it was made with, for the key's page. Costs no statement; a request without a
 * valid key of a customer belongs to nobody and is not noted. `code` is that of a refusal.
 */
export function noteAnswer(
  info: RequestInfo,
  answered: { method: string; route: string; status: number; code: string | null },
): void {
  const keyId = keyOf.get(info);
  if (keyId === undefined) return;
  const { ipPrefix: ip_prefix, userAgent } = info;
  noteCall(keyId, { ...answered, at: new Date(), ip_prefix, user_agent: userAgent?.slice(0, userAgentLength) ?? null });
}

/**
 * The holder of the key in an Authorization header. Throws AppError unauthenticated, invalid_key, key_disabled or
 * key_expired. Source: docs/architecture.md, The data plane.
 */
export async function authenticate(authorization: string | null, info: RequestInfo): Promise<KeyHolder> {
  const key = bearerOf(authorization);
  if (!key) throw new AppError('unauthenticated', 'Send a key in the header Authorization: Bearer ty_….');
  const check = await lookUpKey(key);
  if (check.valid) {
    touchKey(check.holder.keyId, new Date());
    if (check.holder.kind === 'customer') keyOf.set(info, check.holder.keyId);
    return check.holder;
  }
  if (check.code === 'NOT_FOUND') {
    await countDenial(strangerCtx(info), 'all');
    throw new AppError('invalid_key', 'This key is not known.');
  }
  await countDenial(ctxOf(check.holder, info), check.holder.keyId);
  throw check.code === 'DISABLED'
    ? new AppError('key_disabled', 'This key was revoked.')
    : new AppError('key_expired', 'This key has expired.');
}

/** A denial that cannot be counted is logged; the caller hears of the key, not of our database. */
async function countDenial(ctx: Ctx, caller: string): Promise<void> {
  if (!(await consume(strangerRule, caller)).allowed) return;
  await recordDenial(ctx, 'api_key.authenticate').catch(error =>
    log().warn({ err: error, request_id: ctx.requestId }, 'a refused key could not be counted'),
  );
}

/** The context of a caller without a valid key. */
export function strangerCtx(info: RequestInfo): Ctx {
  const actor: Actor = { type: 'api_key', id: 'unknown', name: 'unknown', scopes: [] };
  return { ...info, actor, customerId: null, tenantDatasetId: null, clock: systemClock };
}

/** The context of a key: a customer's key acts for its customer, a service key for nobody yet. */
export function ctxOf(holder: KeyHolder, info: RequestInfo): Ctx {
  const { keyId: id, name } = holder;
  switch (holder.kind) {
    case 'customer': {
      const actor: Actor = { type: 'api_key', id, name, scopes: holder.scopes };
      const { customerId, tenantDatasetId } = holder;
      return { ...info, actor, customerId, tenantDatasetId, clock: systemClock };
    }
    case 'service': {
      const scopes = holder.scopes.flatMap(scope => [scope, ...(impliedScopes[scope] ?? [])]);
      const actor: Actor = { type: 'service', id, name, scopes };
      return { ...info, actor, customerId: null, tenantDatasetId: null, clock: systemClock };
    }
    default:
      return holder satisfies never;
  }
}

/**
 * The context narrowed to the customer the call names. A service key must name one; a customer's key may name only its
 * own, and any other is not found. Throws AppError invalid_input, not_found, customer_suspended.
 */
export async function actFor(ctx: Ctx, named: string | undefined, permission?: Permission): Promise<Ctx> {
  if (ctx.actor.type !== 'service') {
    if (named === undefined || named === ctx.customerId) return ctx;
    throw noSuchCustomer();
  }
  if (named === undefined) {
    const fields = [{ path: 'customer_id', message: 'A service key names the customer it acts for.' }];
    throw new AppError('invalid_input', 'customer_id: A service key names the customer it acts for.', { fields });
  }
  const customer = await findCustomer(named);
  if (!customer) throw noSuchCustomer();
  refuseSuspended(customer.status, permission);
  return { ...ctx, customerId: customer.customerId, tenantDatasetId: customer.tenantDatasetId };
}

const noSuchCustomer = () => new AppError('not_found', 'There is no such customer.');

/** Calls that stay open to whoever owes us something, or has used up a plan. */
export const isBilling = (permission?: Permission): boolean =>
  permission === 'billing:read' || permission === 'billing:write';

/** Throws AppError customer_suspended for a suspended customer, unless the call is one of billing: a debt must be payable. */
export function refuseSuspended(status: string, permission?: Permission): void {
  if (status === 'SUSPENDED' && !isBilling(permission))
    throw new AppError('customer_suspended', 'This organization is suspended. Write to us.');
}
