/** JSON route handlers of the portal: the session or a key with the scope, the same commands as the forms. */
import { NextRequest } from 'next/server';
import type { z } from 'zod';
import { actFor, authenticate, ctxOf, refuseSuspended } from '@/lib/edge/http/authenticate';
import { readJson, readQuery } from '@/lib/edge/http/json-body';
import { takeRequest } from '@/lib/edge/http/limits';
import { jsonAnswer, piecesResponse, problemAnswer } from '@/lib/edge/http/message';
import { requireSameOrigin } from '@/lib/edge/http/origin';
import { type RequestInfo, requestInfo } from '@/lib/edge/http/request-info';
import { fromWebRequest, toWebResponse } from '@/lib/edge/http/web-request';
import { sessionCookieName } from '@/lib/edge/portal/sign-in/cookies';
import { memberCtx, readSession } from '@/lib/edge/portal/sign-in/session';
import { authorise } from '@/lib/kernel/command';
import type { CustomerCtx } from '@/lib/kernel/ctx';
import { requireCustomer } from '@/lib/kernel/ctx';
import { parseInput } from '@/lib/kernel/input';
import type { Permission } from '@/lib/kernel/permissions';
import { AppError, toAppError } from '@/lib/platform/errors';
import { log } from '@/lib/platform/log';
import { metrics } from '@/lib/platform/metrics';

type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
type Output<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined;

type Definition<Query, Body> = {
  /** `<noun>.<verb>`, for metrics and refusals. */
  name: string;
  method: Method;
  permission: Permission;
  query?: Query;
  body?: Body;
  handler: (call: {
    ctx: CustomerCtx;
    params: Record<string, string>;
    query: Output<Query>;
    body: Output<Body>;
  }) => Promise<{
    status: number;
    body?: unknown;
    /** Sent in place of `body`, piece by piece, with the content-type that `headers` names. */
    pieces?: AsyncIterable<string>;
    headers?: Record<string, string>;
  }>;
};

export type RouteInfo = { name: string; method: Method; permission: Permission };
type NextHandler = ((request: Request, context: { params: Promise<Record<string, string>> }) => Promise<Response>) & {
  info: RouteInfo;
};

/** The context of a key: a service key names its customer in the header X-Customer-Id. `headers` gains the RateLimit fields. */
async function keyCtx(
  request: Request,
  info: RequestInfo,
  headers: Record<string, string>,
  permission: Permission,
): Promise<CustomerCtx> {
  const holder = await authenticate(request.headers.get('authorization'), info);
  await takeRequest(holder, headers);
  if (holder.kind === 'customer') refuseSuspended(holder.customerStatus, permission);
  const named = request.headers.get('x-customer-id') ?? undefined;
  return requireCustomer(await actFor(ctxOf(holder, info), named, permission));
}

/** The context of a member's browser; changes must come from our own pages. */
async function browserCtx(request: Request, info: RequestInfo, permission: Permission): Promise<CustomerCtx> {
  const jar = new NextRequest(request.url, { headers: request.headers }).cookies;
  const session = await readSession(jar.get(sessionCookieName())?.value);
  if (!session) throw new AppError('unauthenticated', 'Sign in, or send an API key as a Bearer token.');
  if (!session.membership) throw new AppError('forbidden', 'You are not a member of an organization.');
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    requireSameOrigin(request.headers);
    refuseSuspended(session.membership.customerStatus, permission);
    if (session.leftOrganization)
      throw new AppError(
        'stale_form',
        'You are not a member of the session’s organization any more. Nothing was changed.',
      );
  }
  const named = request.headers.get('x-customer-id');
  if (named !== null && named !== session.membership.customerId) {
    throw new AppError('stale_form', 'The session is in another organization. Nothing was changed.');
  }
  return requireCustomer(memberCtx(session, session.membership, info));
}

/** Defines a handler for `app/api/<noun>/route.ts`; wrong input is a problem document, never a 5xx. */
export function defineRoute<
  Query extends z.ZodType | undefined = undefined,
  Body extends z.ZodType | undefined = undefined,
>(definition: Definition<Query, Body>): NextHandler {
  const answer = async (
    request: Request,
    params: Record<string, string>,
    info: RequestInfo,
    headers: Record<string, string>,
  ) => {
    const byKey = request.headers.has('authorization');
    const { permission } = definition;
    const ctx = byKey ? await keyCtx(request, info, headers, permission) : await browserCtx(request, info, permission);
    await authorise(ctx, permission, definition.name);
    const edge = fromWebRequest(request);
    const query = (
      definition.query ? parseInput(definition.query, readQuery(edge.search)) : undefined
    ) as Output<Query>;
    const body = (definition.body ? parseInput(definition.body, await readJson(edge)) : undefined) as Output<Body>;
    const made = await definition.handler({ ctx, params, query, body });
    const allHeaders = { ...headers, ...made.headers };
    return made.pieces
      ? piecesResponse(made.status, made.pieces, allHeaders)
      : toWebResponse(jsonAnswer(made.status, made.body ?? null, allHeaders));
  };
  const handler = async (request: Request, context: { params: Promise<Record<string, string>> }): Promise<Response> => {
    const started = performance.now();
    const info = requestInfo(request.headers);
    const headers: Record<string, string> = { 'x-request-id': info.requestId };
    let sent: Response;
    try {
      sent = await answer(request, await context.params, info, headers);
    } catch (error) {
      const failure = toAppError(error);
      if (failure.status >= 500)
        log().error({ err: error, request_id: info.requestId, route: definition.name }, 'a route failed');
      sent = toWebResponse(problemAnswer(failure, info.requestId, headers));
    }
    metrics().httpSeconds.observe(
      { route: definition.name, status: String(sent.status) },
      (performance.now() - started) / 1000,
    );
    return sent;
  };
  const { name, method, permission } = definition;
  return Object.assign(handler, { info: { name, method, permission } });
}
