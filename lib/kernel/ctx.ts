/** Who is asking, for which customer, in which request. Passed as an argument everywhere, never ambient. */
import { type Permission, type Role, roleHas } from '@/lib/kernel/permissions';
import { type Clock, systemClock } from '@/lib/platform/clock';
import { AppError } from '@/lib/platform/errors';
import { newUuid } from '@/lib/platform/ids';

export type Actor =
  | { type: 'user'; id: string; email: string; role: Role }
  /** Signed in with a verified address, acting for no organization. */
  | { type: 'person'; id: string; email: string }
  | { type: 'api_key'; id: string; name: string; scopes: readonly string[] }
  | { type: 'service'; id: string; name: string; scopes: readonly string[] }
  | { type: 'staff'; id: string }
  | { type: 'stripe'; id: string }
  | { type: 'system'; id: string };

export type Ctx = {
  actor: Actor;
  /** Null for staff across customers, strangers and jobs over all customers. */
  customerId: string | null;
  /** The customer's own BigQuery dataset; null where there is no customer. */
  tenantDatasetId: string | null;
  requestId: string;
  /** Address cut to /24 (IPv4) or /48 (IPv6). */
  ipPrefix: string | null;
  userAgent: string | null;
  clock: Clock;
};

export type CustomerCtx = Ctx & { customerId: string; tenantDatasetId: string };

/** A context for jobs, the CLI and the seed; may do everything. */
export function systemCtx(
  id: string,
  customer?: { customerId: string; tenantDatasetId: string },
  clock: Clock = systemClock,
): Ctx {
  return {
    actor: { type: 'system', id },
    customerId: customer?.customerId ?? null,
    tenantDatasetId: customer?.tenantDatasetId ?? null,
    requestId: newUuid(),
    ipPrefix: null,
    userAgent: null,
    clock,
  };
}

/** The context narrowed to one with a customer; a caller without one is forbidden. */
export function requireCustomer(ctx: Ctx): CustomerCtx {
  if (ctx.customerId === null || ctx.tenantDatasetId === null)
    throw new AppError('forbidden', 'This call needs an organization.');
  return ctx as CustomerCtx;
}

/** True when the caller has the permission. */
export function may(ctx: Ctx, permission: Permission): boolean {
  const { actor } = ctx;
  switch (actor.type) {
    case 'user':
      return roleHas(actor.role, permission);
    case 'person':
      return permission === 'organization:create';
    case 'api_key':
    case 'service':
      return actor.scopes.includes(permission);
    case 'staff':
      return permission === 'staff:read' || permission === 'staff:write';
    case 'stripe':
    case 'system':
      return true;
    default:
      return actor satisfies never;
  }
}

/** How the caller is named in created_by columns: the address, or the key's id. */
export function actorLabel(actor: Actor): string {
  switch (actor.type) {
    case 'user':
    case 'person':
      return actor.email;
    case 'api_key':
    case 'service':
      return `${actor.type}:${actor.id}`;
    case 'staff':
      return `staff:${actor.id}`;
    case 'stripe':
    case 'system':
      return actor.type;
    default:
      return actor satisfies never;
  }
}
