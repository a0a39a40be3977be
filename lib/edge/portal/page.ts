/** What a page needs of its visitor: a session, a context, the shell's data. */
import { cookies, headers } from 'next/headers';
import { redirect } from 'next/navigation';
import { connection } from 'next/server';
import { cache } from 'react';
import type { Membership } from '@/lib/domains/team/membership';
import { requestInfo } from '@/lib/edge/http/request-info';
import { staffCtxOf } from '@/lib/edge/portal/refusal';
import { showTimes } from '@/lib/edge/portal/shown-times';
import { sessionCookieName } from '@/lib/edge/portal/sign-in/cookies';
import { memberCtx, personCtx, readSession, type Session } from '@/lib/edge/portal/sign-in/session';
import { type Ctx, may } from '@/lib/kernel/ctx';
import type { Permission } from '@/lib/kernel/permissions';
import { toAppError } from '@/lib/platform/errors';
import { log } from '@/lib/platform/log';

/** The visitor's session, read once a request; null when signed out. */
export const currentSession = cache(async (): Promise<Session | null> => {
  await connection();
  const cookie = (await cookies()).get(sessionCookieName())?.value;
  const { requestId } = requestInfo(await headers());
  return readSession(cookie).catch((error: unknown) => {
    throw failedPage(error, requestId);
  });
});

/** What a page throws when it cannot be made: Next shows the digest on the error page, so that it can be found in the logs. */
function failedPage(error: unknown, requestId: string): Error {
  const failure = toAppError(error);
  log().error({ err: error, request_id: requestId, code: failure.code }, 'a page could not be made');
  return Object.assign(new Error(failure.message, { cause: error }), { digest: requestId });
}

export type Visitor = { session: Session; membership: Membership; ctx: Ctx };

/** The visitor as a member. Signed out: to sign-in and back; without an organization: to the welcome page. */
export const requireMember = cache(async (): Promise<Visitor> => {
  const session = await currentSession();
  const head = await headers();
  if (!session) {
    const path = head.get('x-path') ?? '/';
    const ended = (await cookies()).has(sessionCookieName()) ? '&ended=1' : '';
    redirect(`/signin?next=${encodeURIComponent(path)}${ended}`);
  }
  if (!session.membership) redirect(session.isStaff ? '/support' : '/welcome');
  const { timeDisplay, timeZone } = session.person;
  showTimes({ local: timeDisplay === 'local', zone: timeZone });
  return { session, membership: session.membership, ctx: memberCtx(session, session.membership, requestInfo(head)) };
});

/** Anyone signed in, member of an organization or not. Signed out: to sign-in and back. */
export const requirePerson = cache(async (): Promise<{ session: Session; ctx: Ctx }> => {
  const session = await currentSession();
  const head = await headers();
  if (!session) redirect(`/signin?next=${encodeURIComponent(head.get('x-path') ?? '/')}`);
  return { session, ctx: personCtx(session, requestInfo(head)) };
});

/** The request's id, as the log and the audit log have it; for pages that have no visitor. */
export const currentRequestId = async (): Promise<string> => requestInfo(await headers()).requestId;

/** The visitor as staff; null for anyone else, so that the page can answer 404; the attempt is on record. */
export const staffVisitor = cache(async (): Promise<{ session: Session; ctx: Ctx } | null> => {
  const session = await currentSession();
  if (!session) redirect('/signin?next=/support');
  const ctx = await staffCtxOf(session, requestInfo(await headers()), 'support.open');
  return ctx && { session, ctx };
});

/** True when the visitor's role has the permission; pages leave out the control otherwise. */
export const visitorMay = (visitor: Visitor, permission: Permission): boolean => may(visitor.ctx, permission);
