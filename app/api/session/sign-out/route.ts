/** Ends the browser's session; `next` is where the next sign-in leads, on our own origin. */
import { cookies } from 'next/headers';
import { NextResponse } from 'next/server';
import { problemAnswer } from '@/lib/edge/http/message';
import { requireSameOrigin, safePath } from '@/lib/edge/http/origin';
import { requestInfo } from '@/lib/edge/http/request-info';
import { toWebResponse } from '@/lib/edge/http/web-request';
import { sessionCookieName, sessionCookieOptions } from '@/lib/edge/portal/sign-in/cookies';
import { endSessionOf } from '@/lib/edge/portal/sign-in/session';
import { toAppError } from '@/lib/platform/errors';

export async function POST(request: Request): Promise<Response> {
  try {
    requireSameOrigin(request.headers);
    const data = await request.formData().catch(() => new FormData());
    const next = safePath(String(data.get('next') ?? '/'));
    const location = `/signin?signed-out=1${next === '/' ? '' : `&next=${encodeURIComponent(next)}`}`;
    await endSessionOf((await cookies()).get(sessionCookieName())?.value);
    const answer = new NextResponse(null, { status: 303, headers: { location } });
    answer.cookies.set(sessionCookieName(), '', { ...sessionCookieOptions(), maxAge: 0 });
    return answer;
  } catch (error) {
    return toWebResponse(problemAnswer(toAppError(error), requestInfo(request.headers).requestId));
  }
}
