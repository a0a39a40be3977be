/** The pipeline of /v1/mcp: whose key, how many calls, then the protocol. Source: docs/architecture.md, The MCP server. */
import { recordApiCall } from '@/lib/domains/quotas/usage-counts';
import { authenticate, ctxOf, refuseSuspended } from '@/lib/edge/http/authenticate';
import { readQuery } from '@/lib/edge/http/json-body';
import { takeRequest } from '@/lib/edge/http/limits';
import { type EdgeAnswer, type EdgeRequest, jsonAnswer } from '@/lib/edge/http/message';
import { answerBulk, type BulkCall } from '@/lib/edge/v1/bulk/answer-bulk';
import { requirePost } from '@/lib/edge/v1/bulk/sender';
import { answerForm, callsIn, RpcProblem, readMessage } from '@/lib/edge/v1/mcp/read-message';
import { mcpQuery } from '@/lib/edge/v1/mcp/routes';
import { serveMessage } from '@/lib/edge/v1/mcp/serve';
import { requireCustomer } from '@/lib/kernel/ctx';
import { parseInput } from '@/lib/kernel/input';
import { env } from '@/lib/platform/env';
import { AppError } from '@/lib/platform/errors';

const path = '/v1/mcp';

/** Answers a request where its path is the MCP server's; null for every other path. */
export function answerMcp(request: EdgeRequest): Promise<EdgeAnswer> | null {
  if (request.path !== path && request.path !== `${path}/`) return null;
  return answerBulk(request, { route: path, goods: 'messages of agents', later: 'rate_limited', handle });
}

async function handle({ request, info, headers }: BulkCall): Promise<EdgeAnswer> {
  requirePost(request, headers);
  requireOwnOrigin(request.headers.get('origin'));
  const holder = await authenticate(request.headers.get('authorization'), info);
  await takeRequest(holder, headers);
  if (holder.kind === 'service') throw new AppError('forbidden', 'This call is for customers’ keys.');
  refuseSuspended(holder.customerStatus);
  parseInput(mcpQuery, readQuery(request.search));
  try {
    const form = answerForm(request.headers.get('accept'));
    const message = await readMessage(request);
    const calls = callsIn(message);
    // The request itself is the first one's.
    for (let call = 1; call < calls; call++) await takeRequest(holder, headers);
    for (let call = 0; call < calls; call++) recordApiCall(holder.customerId);
    const ctx = requireCustomer(ctxOf(holder, info));
    const answered = await serveMessage(message, request, { ctx, form });
    return { ...answered, headers: { ...headers, ...answered.headers } };
  } catch (error) {
    if (!(error instanceof RpcProblem)) throw error;
    const body = { jsonrpc: '2.0', error: { code: error.code, message: error.message }, id: null };
    return jsonAnswer(error.status, body, headers);
  }
}

/** A page of another site that found its way here by a forged name of a host has an Origin; programs have none. */
function requireOwnOrigin(origin: string | null): void {
  if (origin === null || origin === new URL(env().PORTAL_URL).origin) return;
  throw new AppError('bad_origin', 'Pages of other origins may not call this.');
}
