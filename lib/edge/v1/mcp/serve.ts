/** Hands a message to the official SDK: one server a request, answered whole, as JSON wherever the client takes it. */
import {
  type AuthInfo,
  createMcpHandler,
  isLegacyRequest,
  type McpHttpHandler,
  WebStandardStreamableHTTPServerTransport,
} from '@modelcontextprotocol/server';
import type { EdgeAnswer, EdgeRequest } from '@/lib/edge/http/message';
import type { AnswerForm } from '@/lib/edge/v1/mcp/read-message';
import { mcpServer } from '@/lib/edge/v1/mcp/server';
import type { CustomerCtx } from '@/lib/kernel/ctx';
import { env } from '@/lib/platform/env';
import { AppError } from '@/lib/platform/errors';
import { processWide } from '@/lib/platform/process-wide';

/** Headers that the protocol reads; all others stay here. */
const read = ['content-type', 'mcp-protocol-version', 'mcp-method', 'mcp-name', 'mcp-session-id'];
const both = 'application/json, text/event-stream';
const sessionSigns = 256;

/** The request of the protocol: the message stands beside it, parsed. A client that takes JSON or events alone is served too. */
function protocolRequest({ headers, gone }: EdgeRequest): { request: Request; session: string | null } {
  const kept = new Headers(read.flatMap(name => [[name, headers.get(name)]] as const).filter(isGiven));
  kept.set('accept', both);
  const request = new Request(`${env().PORTAL_URL}/v1/mcp`, { method: 'POST', headers: kept, signal: gone() });
  return { request, session: headers.get('mcp-session-id')?.slice(0, sessionSigns) || null };
}
const isGiven = (pair: readonly [string, string | null]): pair is [string, string] => pair[1] !== null;

/** Clients since 2026-07-28 say in each message who they are; those before shake hands first. */
const modern = (form: AnswerForm): McpHttpHandler =>
  processWide(`mcp-${form}`, () =>
    createMcpHandler(({ authInfo }) => mcpServer(callerOf(authInfo)), {
      legacy: 'reject',
      responseMode: form === 'sse' ? 'sse' : 'auto',
      keepAliveMs: 0,
    }),
  );

type Caller = { ctx: CustomerCtx; session: string | null };
/** The key was checked before; what the SDK is told of it goes nowhere. */
const authOf = (caller: Caller): AuthInfo => ({
  token: '',
  clientId: caller.ctx.actor.type,
  scopes: [],
  extra: { caller },
});
const callerOf = (auth: AuthInfo | undefined): Caller => auth?.extra?.caller as Caller;

async function legacy(request: Request, form: AnswerForm, caller: Caller, parsedBody: unknown): Promise<Response> {
  const server = mcpServer(caller);
  const transport = new WebStandardStreamableHTTPServerTransport({ enableJsonResponse: form === 'json' });
  await server.connect(transport);
  return transport.handleRequest(request, { parsedBody });
}

const always = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };

/** Every response ends by itself: the server has nothing to tell later, so that none stays open. */
async function whole(response: Response): Promise<EdgeAnswer> {
  const type = response.headers.get('content-type');
  const headers = type ? { ...always, 'content-type': type } : always;
  return { status: response.status, headers, body: await response.text() };
}

/** A batch is answered as a list; the SDK answers that of one request as if it had come alone. */
async function wholeBatch(response: Response): Promise<EdgeAnswer> {
  const isList = response.ok && response.headers.get('content-type')?.startsWith('application/json');
  const { body, ...answer } = await whole(response);
  return { ...answer, body: isList && body.toString().startsWith('{') ? `[${body}]` : body };
}

/** Answers a message for the caller, in a form that it takes. Throws AppError bad_request where its sender has left. */
export async function serveMessage(
  message: unknown,
  edge: EdgeRequest,
  { ctx, form }: { ctx: CustomerCtx; form: AnswerForm },
): Promise<EdgeAnswer> {
  if (Array.isArray(message) && message.length === 0) return { status: 202, headers: always, body: '' };
  const { request, session } = protocolRequest(edge);
  const caller = { ctx, session };
  const served = async () => {
    const response = (await isLegacyRequest(request, message))
      ? await legacy(request, form, caller, message)
      : await modern(form).fetch(request, { parsedBody: message, authInfo: authOf(caller) });
    return Array.isArray(message) ? wholeBatch(response) : whole(response);
  };
  return Promise.race([served(), left(request.signal)]);
}

const left = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    const leave = () => reject(new AppError('bad_request', 'The caller closed the connection.'));
    if (signal.aborted) leave();
    else signal.addEventListener('abort', leave, { once: true });
  });
