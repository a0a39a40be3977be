/** Moves the session to another of the person's organizations and lands on the same section. */
import { cookies } from 'next/headers';
import { NextResponse } from 'next/server';
import { problemAnswer } from '@/lib/edge/http/message';
import { requireSameOrigin, safePath } from '@/lib/edge/http/origin';
import { requestInfo } from '@/lib/edge/http/request-info';
import { toWebResponse } from '@/lib/edge/http/web-request';
import { noticeFor } from '@/lib/edge/portal/landing';
import { sessionCookieName, sessionCookieOptions } from '@/lib/edge/portal/sign-in/cookies';
import { readSession, sessionCookieFor } from '@/lib/edge/portal/sign-in/session';
import { AppError, toAppError } from '@/lib/platform/errors';

/** The first part of a path: a switch never lands on another organization's id or filter. */
const sectionOf = (path: string): string => `/${path.split(/[/?#]/)[1] ?? ''}`;

export async function POST(request: Request): Promise<Response> {
  try {
    requireSameOrigin(request.headers);
    const data = await request.formData().catch(() => new FormData());
    const jar = await cookies();
    const cookie = jar.get(sessionCookieName())?.value;
    const session = await readSession(cookie);
    if (!session || !cookie) throw new AppError('unauthenticated', 'Your session ended. Sign in again.');
    const customerId = String(data.get('customer_id') ?? '');
    if (!session.person.memberships.some(membership => membership.customerId === customerId)) {
      throw new AppError('not_found', 'This organization does not exist, or you are not a member of it.');
    }
    const target = sectionOf(safePath(String(data.get('next') ?? '/')));
    const answer = new NextResponse(null, { status: 303, headers: { location: target } });
    answer.cookies.set(sessionCookieName(), await sessionCookieFor(cookie, customerId), sessionCookieOptions());
    const notice = noticeFor(`${target}?done=switched`);
    answer.cookies.set(notice.name, notice.value, notice.options);
    return answer;
  } catch (error) {
    return toWebResponse(problemAnswer(toAppError(error), requestInfo(request.headers).requestId));
  }
}
