/** What a caller may hand on to others: never more than it may do itself. */
import { type Ctx, may } from '@/lib/kernel/ctx';
import { type Permission, permissions, type Role, roleHas, roles } from '@/lib/kernel/permissions';
import { AppError } from '@/lib/platform/errors';

const names = Object.keys(permissions) as Permission[];

/** What no key can carry and every role has (one's own profile, the organization's name) is no power over anything. */
const comesWithMembership = (name: Permission): boolean =>
  permissions[name].scope === 'none' && roles.every(role => roleHas(role, name));

/** What a role has beyond being a member at all. */
export const powersOf = (role: Role): Permission[] =>
  names.filter(name => roleHas(role, name) && !comesWithMembership(name));

/** Those of the wanted permissions that the caller lacks. */
export const beyondCaller = (ctx: Ctx, wanted: readonly Permission[]): Permission[] =>
  wanted.filter(name => !may(ctx, name));

/**
 * Refuses to give a role that may do more than the caller: a key with team:write must not make an admin. AppError forbidden,
 * insufficient_scope. Every command that gives a role calls it.
 */
export function requireMayGiveRole(ctx: Ctx, role: Role): void {
  const missing = beyondCaller(ctx, powersOf(role));
  if (missing.length === 0) return;
  const isKey = ctx.actor.type === 'api_key' || ctx.actor.type === 'service';
  const noKeyHas = missing.filter(name => permissions[name].scope === 'none');
  const message =
    isKey && noKeyHas.length > 0
      ? `No API key can give the role ${role}: sign in to do it.`
      : `You cannot give the role ${role}, which may do what you may not: ${missing.join(', ')}.`;
  throw new AppError(isKey ? 'insufficient_scope' : 'forbidden', message, {
    fields: [{ path: 'role', message }],
    ...(isKey ? { details: { required_scopes: powersOf(role) } } : {}),
  });
}
