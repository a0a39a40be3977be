/** The browser's session: the cookie says who, Postgres says on every request what they may still do. */
import { encode } from 'next-auth/jwt';
import { type Membership, type Person, readPerson } from '@/lib/domains/team/membership';
import { isEnded } from '@/lib/domains/team/sign-in/ended-sessions';
import type { RequestInfo } from '@/lib/edge/http/request-info';
import { endTokenSession, firstVersion, type SessionToken } from '@/lib/edge/portal/sign-in/auth-options';
import { restSeconds, tokenOf } from '@/lib/edge/portal/sign-in/token';
import type { Ctx } from '@/lib/kernel/ctx';
import { systemClock } from '@/lib/platform/clock';
import { env } from '@/lib/platform/env';
import { AppError } from '@/lib/platform/errors';
import { newUuid } from '@/lib/platform/ids';

export type Session = {
  /** Of this browser; what limits count by. */
  sessionId: string;
  person: Person;
  /** The organization the session is in; null when the person belongs to none. */
  membership: Membership | null;
  /** True when the cookie names an organization the person is not in any more; `membership` is another one then. */
  leftOrganization: boolean;
  isStaff: boolean;
  /** When the person last signed in with Google in this browser. */
  signedInAt: Date;
};

/** True for addresses on the staff list, and for people whose Workspace domain (as Google vouches) is the staff domain. */
export function isStaff(token: Pick<SessionToken, 'email' | 'hostedDomain'>): boolean {
  const { STAFF_EMAILS, STAFF_DOMAIN } = env();
  if (STAFF_EMAILS.some(address => address.toLowerCase() === token.email)) return true;
  return STAFF_DOMAIN !== undefined && token.hostedDomain === STAFF_DOMAIN;
}

/** Ends the session of a cookie's value for good; one that is none is fine. */
export async function endSessionOf(cookie: string | undefined): Promise<void> {
  if (cookie) await endTokenSession(await tokenOf(cookie));
}

/**
 * The session of a cookie's value; null when it is missing, forged, ended, begun before the person's role in its organization
 * was raised, or older than sessionMaxAgeSeconds since they signed in, however often its cookie was renewed.
 */
export async function readSession(cookie: string | undefined): Promise<Session | null> {
  const token = cookie ? await tokenOf(cookie) : null;
  if (!token) return null;
  const [person, ended] = await Promise.all([readPerson(token.userId), isEnded(token.sessionId)]);
  if (!person || ended || person.sessionVersion !== token.sessionVersion) return null;
  const named = person.memberships.find(item => item.customerId === token.customerId);
  const membership = named ?? person.memberships.find(item => isOpenTo(token, item)) ?? null;
  // What it names, or all there is, asks for a new sign-in.
  if (membership ? !isOpenTo(token, membership) : person.memberships.length > 0) return null;
  const staff = isStaff({ email: person.email, hostedDomain: token.hostedDomain });
  const leftOrganization = token.customerId !== null && membership !== null && !named;
  const { sessionId } = token;
  const signedInAt = new Date(token.signedInAt * 1000);
  return { sessionId, person, membership, leftOrganization, isStaff: staff, signedInAt };
}

/** Whether the person has signed in since they got more power in the organization. */
const isOpenTo = (token: SessionToken, { customerId, sessionVersion }: Membership): boolean =>
  (token.memberVersions?.[customerId] ?? firstVersion) === sessionVersion;

/** The organization a cookie's value names, also of a session that is over: who signs in again goes on there. */
export const organizationNamedBy = async (cookie: string | undefined): Promise<string | null> =>
  (cookie ? await tokenOf(cookie) : null)?.customerId ?? null;

async function requireToken(cookie: string): Promise<SessionToken> {
  const token = await tokenOf(cookie);
  if (!token) throw new AppError('unauthenticated', 'Your session ended. Sign in again.');
  return token;
}

const sealed = (token: SessionToken): Promise<string> =>
  encode({ token: { ...token }, secret: env().NEXTAUTH_SECRET, maxAge: restSeconds(token) });

/** A cookie value of the same session in another organization; it lives no longer. AppError unauthenticated. */
export const sessionCookieFor = async (cookie: string, customerId: string): Promise<string> =>
  sealed({ ...(await requireToken(cookie)), customerId });

/**
 * A cookie value of a new session, in an organization where the person has just gained rights. The old session ends, so
 * that a copy of its cookie gains nothing. AppError unauthenticated. Source: docs/architecture.md, Sessions.
 */
export async function newSessionCookieFor(cookie: string, customerId: string): Promise<string> {
  const token = await requireToken(cookie);
  await endTokenSession(token);
  const person = await readPerson(token.userId);
  const gained = person?.memberships.find(membership => membership.customerId === customerId);
  const memberVersions = { ...token.memberVersions, ...(gained ? { [customerId]: gained.sessionVersion } : {}) };
  return sealed({ ...token, customerId, memberVersions, sessionId: newUuid() });
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
  now.getTime() - signedInAt.getTime() < recentSignInMs;

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
