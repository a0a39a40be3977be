/** JSON route handlers of the portal: the session or a key with the scope, the same commands as the forms. */
import { NextRequest } from 'next/server';
import type { z } from 'zod';
import { recordApiCall } from '@/lib/domains/quotas/usage-counts';
import { actFor, authenticate, ctxOf, isBilling, noteAnswer, refuseSuspended } from '@/lib/edge/http/authenticate';
import { readJson, readQuery } from '@/lib/edge/http/json-body';
import { takeBrowserRequest, takeCustomerRequest, takeRequest } from '@/lib/edge/http/limits';
import { type EdgeRequest, jsonAnswer, piecesResponse, problemAnswer } from '@/lib/edge/http/message';
import { requireSameOrigin } from '@/lib/edge/http/origin';
import { type RequestInfo, requestInfo } from '@/lib/edge/http/request-info';
import { fromWebRequest, toWebResponse } from '@/lib/edge/http/web-request';
import { sessionCookieName } from '@/lib/edge/portal/sign-in/cookies';
import { memberCtx, readSession } from '@/lib/edge/portal/sign-in/session';
import type { Command } from '@/lib/kernel/command';
import type { CustomerCtx } from '@/lib/kernel/ctx';
import { requireCustomer } from '@/lib/kernel/ctx';
import { invalidInput } from '@/lib/kernel/input';
import type { Permission } from '@/lib/kernel/permissions';
import { AppError, toAppError } from '@/lib/platform/errors';
import { log } from '@/lib/platform/log';
import { metrics } from '@/lib/platform/metrics';

type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';

/** What a handler answers: a JSON body, or pieces of another type that `headers` names. */
type RouteAnswer = {
  status: number;
  body?: unknown;
  pieces?: AsyncIterable<string>;
  headers?: Record<string, string>;
};

/** A read: the domain's own, which authorises the caller and parses what the address says. */
type QueryRoute = {
  /** `<noun>.<verb>`, for metrics and refusals. */
  name: string;
  /** What it does, for the document: "List API keys". */
  summary: string;
  method: 'GET';
  /** What the query string is parsed by, for the document; of several each reads its own fields. */
  input?: z.ZodType | readonly z.ZodType[];
  /** Fields of the input that stand in the address, by their parameter. */
  ids?: Record<string, string>;
  permission: Permission;
  query: (call: {
    ctx: CustomerCtx;
    params: Record<string, string>;
    raw: Record<string, string>;
  }) => Promise<RouteAnswer>;
};

/** A change: the command authorises, then the body (or, on DELETE, the query string) is read, then the command parses it. */
type CommandRoute<Result> = {
  /** What it does, for the document: "Create an API key". */
  summary: string;
  method: Exclude<Method, 'GET'>;
  command: Command<z.ZodType, Result>;
  /** Fields of the command that stand in the address, by their parameter. */
  ids?: Record<string, string>;
  /** Fields of the command that only its form sends. */
  except?: readonly string[];
  /** The answer; 200 with the result where it is not said. */
  answer?: (result: Result) => RouteAnswer;
};

export type RouteInfo = {
  name: string;
  summary: string;
  method: Method;
  permission: Permission;
  /** What is parsed: the query string of GET and DELETE, else the body. */
  input: readonly z.ZodType[];
  /** Fields of it that nobody sends there: they stand in the address, or only a form sends them. */
  left: readonly string[];
};
type NextHandler = ((
  request: Request,
  context: { params: Promise<Record<string, string> | undefined> },
) => Promise<Response>) & {
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
  if (holder.kind === 'customer') {
    await takeCustomerRequest(holder.customerId);
    refuseSuspended(holder.customerStatus, permission);
    // A plan that is used up must be payable.
    if (!isBilling(permission)) recordApiCall(holder.customerId);
  }
  const named = request.headers.get('x-customer-id') ?? undefined;
  return requireCustomer(await actFor(ctxOf(holder, info), named, permission));
}

/** The context of a member's browser; changes must come from our own pages. */
async function browserCtx(request: Request, info: RequestInfo, permission: Permission): Promise<CustomerCtx> {
  const jar = new NextRequest(request.url, { headers: request.headers }).cookies;
  const session = await readSession(jar.get(sessionCookieName())?.value);
  if (!session) throw new AppError('unauthenticated', 'Sign in, or send an API key as a Bearer token.');
  await takeBrowserRequest(session.sessionId, session.membership?.customerId ?? null);
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

/** The fields a caller sent, with those of the address; a body that is no object goes on as it is, to be refused. */
function fieldsOf(sent: unknown, ids: Record<string, string | undefined>, except: readonly string[]): unknown {
  if (sent !== undefined && (typeof sent !== 'object' || sent === null || Array.isArray(sent))) return sent;
  const foreign = [...Object.keys(ids), ...except].filter(name => Object.hasOwn(sent ?? {}, name));
  if (foreign.length > 0) throw invalidInput(foreign.map(path => ({ path, message: 'This field is not known.' })));
  return { ...sent, ...ids };
}

async function runCommand<Result>(
  { command, method, ids = {}, except = [], answer }: CommandRoute<Result>,
  { ctx, params, edge }: { ctx: CustomerCtx; params: Record<string, string>; edge: EdgeRequest },
): Promise<RouteAnswer> {
  const named = Object.fromEntries(Object.entries(ids).map(([field, parameter]) => [field, params[parameter]]));
  const { result } = await command.onceAllowed(ctx, async () =>
    fieldsOf(method === 'DELETE' ? readQuery(edge.search) : await readJson(edge), named, except),
  );
  return answer?.(result) ?? { status: 200, body: result };
}

function infoOf<Result>(definition: QueryRoute | CommandRoute<Result>): RouteInfo {
  const { summary, method, ids = {} } = definition;
  if ('query' in definition) {
    const { name, permission, input = [] } = definition;
    return { name, summary, method, permission, input: [input].flat(), left: Object.keys(ids) };
  }
  const { commandName: name, permission, input } = definition.command;
  return {
    name,
    summary,
    method,
    permission,
    input: [input],
    left: [...Object.keys(ids), ...(definition.except ?? [])],
  };
}

/** The address with its ids put away: `/api/keys/{id}`. */
function templateOf(request: Request, params: Record<string, string>): string {
  const names = new Map(Object.entries(params).map(([name, value]) => [value, `{${name}}`]));
  return new URL(request.url).pathname
    .split('/')
    .map(part => names.get(decoded(part)) ?? part)
    .join('/');
}

/** A part of the path as Next gives it to a route; one that cannot be decoded is kept. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** Defines a handler for `app/api/<noun>/route.ts`; wrong input is a problem document, never a 5xx. */
export function defineRoute<Result>(definition: QueryRoute | CommandRoute<Result>): NextHandler {
  const route = infoOf(definition);
  const answer = async (
    request: Request,
    params: Record<string, string>,
    info: RequestInfo,
    headers: Record<string, string>,
  ) => {
    const ctx = request.headers.has('authorization')
      ? await keyCtx(request, info, headers, route.permission)
      : await browserCtx(request, info, route.permission);
    const edge = fromWebRequest(request);
    const made =
      'query' in definition
        ? await definition.query({ ctx, params, raw: readQuery(edge.search) })
        : await runCommand(definition, { ctx, params, edge });
    const allHeaders = { ...headers, ...made.headers };
    return made.pieces
      ? piecesResponse(made.status, made.pieces, allHeaders)
      : toWebResponse(jsonAnswer(made.status, made.body ?? null, allHeaders));
  };
  const handler = async (
    request: Request,
    context: { params: Promise<Record<string, string> | undefined> },
  ): Promise<Response> => {
    const started = performance.now();
    const info = requestInfo(request.headers);
    const headers: Record<string, string> = { 'x-request-id': info.requestId };
    // Next gives none to a route whose address holds no id.
    const params = (await context.params) ?? {};
    let sent: Response;
    let code: string | null = null;
    try {
      sent = await answer(request, params, info, headers);
    } catch (error) {
      const failure = toAppError(error);
      code = failure.code;
      if (failure.status >= 500)
        log().error({ err: error, request_id: info.requestId, route: route.name }, 'a route failed');
      sent = toWebResponse(problemAnswer(failure, info.requestId, headers));
    }
    noteAnswer(info, { method: request.method, route: templateOf(request, params), status: sent.status, code });
    metrics().httpSeconds.observe(
      { route: route.name, status: String(sent.status) },
      (performance.now() - started) / 1000,
    );
    return sent;
  };
  return Object.assign(handler, { info: route });
}
