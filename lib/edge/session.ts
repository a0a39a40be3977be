/** The browser's session: the cookie says who, Postgres says on every request what they may still do. */
import { decode, encode } from 'next-auth/jwt';
import { isEnded } from '@/lib/domains/team/ended-sessions';
import { type Membership, type Person, readPerson } from '@/lib/domains/team/membership';
import { endTokenSession, type SessionToken } from '@/lib/edge/auth-options';
import { sessionMaxAgeSeconds } from '@/lib/edge/cookies';
import type { RequestInfo } from '@/lib/edge/request-info';
import type { Ctx } from '@/lib/kernel/ctx';
import { systemClock } from '@/lib/platform/clock';
import { env } from '@/lib/platform/env';

export type Session = {
  person: Person;
  /** The organization the session is in; null when the person belongs to none. */
  membership: Membership | null;
  /** True when the cookie names an organization the person is not in any more; `membership` is another one then. */
  leftOrganization: boolean;
  isStaff: boolean;
  /** When the person last signed in with Google in this browser; null for a session that does not say. */
  signedInAt: Date | null;
};

/** True for addresses on the staff list, and for people whose Workspace domain (as Google vouches) is the staff domain. */
export function isStaff(token: Pick<SessionToken, 'email' | 'hostedDomain'>): boolean {
  const { STAFF_EMAILS, STAFF_DOMAIN } = env();
  if (STAFF_EMAILS.some(address => address.toLowerCase() === token.email)) return true;
  return STAFF_DOMAIN !== undefined && token.hostedDomain === STAFF_DOMAIN;
}

const tokenOf = (cookie: string): Promise<SessionToken | null> =>
  decode({ token: cookie, secret: env().NEXTAUTH_SECRET }).catch(() => null) as Promise<SessionToken | null>;

/** Ends the session of a cookie's value for good; one that is none is fine. */
export async function endSessionOf(cookie: string | undefined): Promise<void> {
  if (cookie) await endTokenSession(await tokenOf(cookie));
}

/** The session of a cookie's value; null when it is missing, forged, expired or ended. */
export async function readSession(cookie: string | undefined): Promise<Session | null> {
  if (!cookie) return null;
  const token = await tokenOf(cookie);
  if (typeof token?.userId !== 'string') return null;
  const [person, ended] = await Promise.all([
    readPerson(token.userId),
    token.sessionId === undefined ? false : isEnded(token.sessionId),
  ]);
  if (!person || ended || person.sessionVersion !== token.sessionVersion) return null;
  const named = person.memberships.find(item => item.customerId === token.customerId);
  const membership = named ?? person.memberships[0] ?? null;
  const signedInAt = typeof token.signedInAt === 'number' ? new Date(token.signedInAt * 1000) : null;
  const staff = isStaff({ email: person.email, hostedDomain: token.hostedDomain });
  const leftOrganization = token.customerId !== null && membership !== null && !named;
  return { person, membership, leftOrganization, isStaff: staff, signedInAt };
}

/** A cookie value like the given one, in another organization. */
export async function sessionCookieFor(cookie: string, customerId: string): Promise<string> {
  const secret = env().NEXTAUTH_SECRET;
  const token = await decode({ token: cookie, secret });
  return encode({ token: { ...token, customerId }, secret, maxAge: sessionMaxAgeSeconds });
}

/** The context of a member's request. */
export function memberCtx(session: Session, membership: Membership, info: RequestInfo): Ctx {
  return {
    ...info,
    actor: { type: 'user', id: session.person.userId, email: session.person.email, role: membership.role },
    customerId: membership.customerId,
    tenantDatasetId: membership.tenantDatasetId,
    clock: systemClock,
  };
}

/** The context of someone signed in who acts for no organization, as when opening one. */
export function personCtx(session: Session, info: RequestInfo): Ctx {
  return {
    ...info,
    actor: { type: 'person', id: session.person.userId, email: session.person.email },
    customerId: null,
    tenantDatasetId: null,
    clock: systemClock,
  };
}

const recentSignInMs = 10 * 60_000;

/** True within 10 minutes of signing in with Google; what ends an organization asks for it. */
export const signedInRecently = ({ signedInAt }: Session, now: Date): boolean =>
  signedInAt !== null && now.getTime() - signedInAt.getTime() < recentSignInMs;

/** The context of a staff request in the support console. */
export function staffCtx(session: Session, info: RequestInfo): Ctx {
  return {
    ...info,
    actor: { type: 'staff', id: session.person.email },
    customerId: null,
    tenantDatasetId: null,
    clock: systemClock,
  };
}
