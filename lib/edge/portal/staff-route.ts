/** Route handlers of the support console: a staff session in the browser; to anybody else they do not exist. */
import { NextRequest } from 'next/server';
import type { z } from 'zod';
import { readQuery } from '@/lib/edge/http/json-body';
import { piecesResponse, problemAnswer } from '@/lib/edge/http/message';
import { requestInfo } from '@/lib/edge/http/request-info';
import { fromWebRequest, toWebResponse } from '@/lib/edge/http/web-request';
import { staffCtxOf } from '@/lib/edge/portal/refusal';
import { sessionCookieName } from '@/lib/edge/portal/sign-in/cookies';
import { readSession } from '@/lib/edge/portal/sign-in/session';
import type { Ctx } from '@/lib/kernel/ctx';
import { parseInput } from '@/lib/kernel/input';
import { AppError, toAppError } from '@/lib/platform/errors';
import { log } from '@/lib/platform/log';

type Definition<Query extends z.ZodType> = {
  /** `<noun>.<verb>`, for the log and for refusals. */
  name: string;
  query: Query;
  /** The file's name and its text, piece by piece. */
  handler: (call: { ctx: Ctx; query: z.output<Query> }) => Promise<{ filename: string; pieces: AsyncIterable<string> }>;
};

async function answer<Query extends z.ZodType>(request: Request, definition: Definition<Query>, ids: Headers) {
  const jar = new NextRequest(request.url, { headers: request.headers }).cookies;
  const session = await readSession(jar.get(sessionCookieName())?.value);
  const ctx = session && (await staffCtxOf(session, requestInfo(ids), definition.name));
  if (!ctx) throw new AppError('not_found', 'There is no such page.');
  const query = parseInput(definition.query, readQuery(fromWebRequest(request).search));
  const { filename, pieces } = await definition.handler({ ctx, query });
  return piecesResponse(200, pieces, {
    'content-type': 'text/csv; charset=utf-8',
    'content-disposition': `attachment; filename="${filename}"`,
    'x-request-id': ids.get('x-request-id') ?? '',
  });
}

/** Defines a GET for staff that answers a CSV file; wrong input is a problem document, anybody else gets 404. */
export function defineStaffDownload<Query extends z.ZodType>(definition: Definition<Query>) {
  return async (request: Request): Promise<Response> => {
    const headers = new Headers(request.headers);
    const { requestId } = requestInfo(headers);
    headers.set('x-request-id', requestId);
    try {
      return await answer(request, definition, headers);
    } catch (error) {
      const failure = toAppError(error);
      if (failure.status >= 500)
        log().error({ err: error, request_id: requestId, route: definition.name }, 'a route failed');
      return toWebResponse(problemAnswer(failure, requestId, { 'x-request-id': requestId }));
    }
  };
}
