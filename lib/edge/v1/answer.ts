/** The pipeline of every data-plane call but those that take events, traces, the agent log and lineage, and MCP: match, authenticate, limit, authorise, parse, handle; errors become problems. */

import { z } from 'zod';
import type { KeyHolder } from '@/lib/domains/keys/verify';
import { recordApiCall } from '@/lib/domains/quotas/usage-counts';
import { actFor, authenticate, ctxOf, noteAnswer, refuseSuspended, strangerCtx } from '@/lib/edge/http/authenticate';
import { readJson, readQuery } from '@/lib/edge/http/json-body';
import { takeRequest } from '@/lib/edge/http/limits';
import {
  type EdgeAnswer,
  type EdgeRequest,
  emptyAnswer,
  isWithoutBody,
  jsonAnswer,
  problemAnswer,
} from '@/lib/edge/http/message';
import { type RequestInfo, requestInfo } from '@/lib/edge/http/request-info';
import { answerAgent } from '@/lib/edge/v1/agent/door';
import { answerCollect } from '@/lib/edge/v1/collect/door';
import { customerId } from '@/lib/edge/v1/customer-id';
import type { Answer, Call, V1Route } from '@/lib/edge/v1/define-route';
import { answerLineage } from '@/lib/edge/v1/lineage/answer-lineage';
import { createMatcher, type Matched } from '@/lib/edge/v1/match';
import { answerMcp } from '@/lib/edge/v1/mcp/door';
import { routes } from '@/lib/edge/v1/routes';
import { answerTraces } from '@/lib/edge/v1/traces/door';
import { authorise } from '@/lib/kernel/command';
import type { Ctx } from '@/lib/kernel/ctx';
import { invalidInput, parseInput } from '@/lib/kernel/input';
import { AppError, toAppError } from '@/lib/platform/errors';
import { log } from '@/lib/platform/log';
import { metrics } from '@/lib/platform/metrics';

const matcher = createMatcher(routes);

/** Answers any request below /v1, and those of lineage beside it; never throws, and bad input is never a 5xx. */
export const answer = (request: EdgeRequest): Promise<EdgeAnswer> =>
  answerCollect(request) ??
  answerTraces(request) ??
  answerAgent(request) ??
  answerLineage(request) ??
  answerMcp(request) ??
  answerRoute(request);

async function answerRoute(request: EdgeRequest): Promise<EdgeAnswer> {
  const startedMs = performance.now();
  const info = requestInfo(request.headers, request.address);
  const headers: Record<string, string> = { 'x-request-id': info.requestId };
  const found = matcher.match(request.method, request.path);
  let answered: EdgeAnswer;
  let code: string | null = null;
  try {
    if (!('route' in found)) throw unknownRoute(found.allowed, headers);
    const { status, body, headers: own } = await handle(request, found, info, headers);
    answered = isWithoutBody(status)
      ? emptyAnswer(status, { ...headers, ...own })
      : jsonAnswer(status, body, { ...headers, ...own });
  } catch (error) {
    const failure = reported(error, info, request);
    code = failure.code;
    answered = problemAnswer(failure, info.requestId, headers);
  }
  const route = 'route' in found ? found.route.path : 'unknown';
  noteAnswer(info, { method: request.method, route, status: answered.status, code });
  metrics()
    .httpSeconds.labels(`${request.method} ${route}`, String(answered.status))
    .observe((performance.now() - startedMs) / 1000);
  return answered;
}

function unknownRoute(allowed: string[], headers: Record<string, string>): AppError {
  if (allowed.length === 0) return new AppError('not_found', 'There is no such call. See /docs/api.');
  headers.allow = allowed.join(', ');
  return new AppError('method_not_allowed', `This path answers ${headers.allow}.`);
}

function reported(error: unknown, info: RequestInfo, request: EdgeRequest): AppError {
  const known = toAppError(error);
  if (known.status >= 500) {
    const about = { err: error, request_id: info.requestId, method: request.method, path: request.path };
    log()[known.code === 'internal' ? 'error' : 'warn'](about, 'a data-plane call failed');
  }
  return known;
}

/** `headers` gains the RateLimit fields as soon as they are known, so that refusals carry them too. */
async function handle(
  request: EdgeRequest,
  { route, params }: Matched,
  info: RequestInfo,
  headers: Record<string, string>,
): Promise<Answer<unknown>> {
  const header = (name: string) => request.headers.get(name);
  const { gone } = request;
  if (route.who === 'public' && 'handler' in route) {
    const input = await parsed(route, params, request);
    return route.handler({ ctx: strangerCtx(info), holder: null, ...input, header, gone });
  }
  const holder = await authenticate(header('authorization'), info);
  await takeRequest(holder, headers);
  const ctx = ctxOf(holder, info);
  if (holder.kind === 'customer') {
    refuseSuspended(holder.customerStatus);
    if (route.who === 'service') throw new AppError('forbidden', 'This call is for service keys.');
    if (!route.ofStartedRun) recordApiCall(holder.customerId);
  }
  if (holder.kind === 'service' && route.who === 'customer')
    throw new AppError('forbidden', 'This call is for customers’ keys.');
  if ('operation' in route) return operate(ctx, holder, route, params, request);
  const authorisedHere = route.authorisedBy !== 'domain';
  if (route.permission && authorisedHere) await authorise(ctx, route.permission, route.operationId);
  const input = await parsed(route, params, request);
  const acting = route.who === 'both' ? await actFor(ctx, namedCustomer(input)) : ctx;
  return route.handler({ ctx: acting, holder, ...input, header, gone });
}

/** Hands the call to its operation, which asks for query or body once the key is known to be allowed. */
async function operate(
  ctx: Ctx,
  holder: KeyHolder,
  route: Extract<V1Route, { operation: unknown }>,
  params: Record<string, string>,
  request: EdgeRequest,
): Promise<Answer<unknown>> {
  const situation = {
    ctx,
    holder,
    params: parsePath(route, params),
    header: (name: string) => request.headers.get(name),
    gone: request.gone,
  };
  const result = await route.operation.onceAllowed(ctx, async () => {
    const sent = route.method === 'GET' ? readQuery(request.search) : await bodyOf(route, request);
    const { named, raw } = splitCustomer(route, sent);
    situation.ctx = await actFor(ctx, named);
    return { ctx: situation.ctx, raw, args: route.args(situation) };
  });
  return route.answer(result, situation);
}

async function bodyOf(route: V1Route, request: EdgeRequest): Promise<unknown> {
  const query = readQuery(request.search);
  const body = await readJson(request);
  refuseQuery(query);
  return body === undefined ? emptyBody(route) : body;
}

/** The customer that a query or body names, and the rest. A name that cannot be one is the operation's to refuse. */
function splitCustomer({ who }: V1Route, sent: unknown): { named: string | undefined; raw: unknown } {
  if (who !== 'both' || typeof sent !== 'object' || sent === null || !('customer_id' in sent)) {
    return { named: undefined, raw: sent };
  }
  const { customer_id: named, ...raw } = sent;
  return { named: parseInput(namedInput, { customer_id: named }).customer_id, raw };
}
const namedInput = z.object({ customer_id: customerId });

type Parsed = Pick<Call<unknown, unknown, unknown>, 'params' | 'query' | 'body'>;

async function parsed(route: V1Route, params: Record<string, string>, request: EdgeRequest): Promise<Parsed> {
  const query = readQuery(request.search);
  const body = route.method === 'GET' ? undefined : await readJson(request);
  return {
    params: parsePath(route, params),
    query: route.query ? parseInput(route.query, query) : refuseQuery(query),
    body: route.body ? parseInput(route.body, body === undefined ? emptyBody(route) : body) : undefined,
  };
}

/** An id that cannot be one is an id that does not exist. */
function parsePath(route: V1Route, params: Record<string, string>): unknown {
  if (!route.params) return undefined;
  const id = route.params.safeParse(params);
  if (id.success) return id.data;
  throw new AppError('not_found', 'There is nothing with this id.');
}

function refuseQuery(query: Record<string, string>): undefined {
  const fields = Object.keys(query).map(path => ({
    path: path.slice(0, 200),
    message: 'This parameter is not known.',
  }));
  if (fields.length > 0) throw invalidInput(fields);
}

function emptyBody(route: V1Route): object {
  if (route.body?.safeParse({}).success) return {};
  throw new AppError('invalid_json', 'This call needs a JSON body.');
}

/** The customer_id in the body or query, which every route for both kinds of key declares. */
function namedCustomer({ query, body }: Parsed): string | undefined {
  for (const part of [query, body]) {
    if (typeof part === 'object' && part !== null && 'customer_id' in part && typeof part.customer_id === 'string')
      return part.customer_id;
  }
  return undefined;
}
