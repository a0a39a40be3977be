/** Stands between the portal's HTTP server and Next: asks of a request with a body whether it is read (admission.ts). */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { problemAnswer } from '@/lib/edge/http/message';
import { requestInfo } from '@/lib/edge/http/request-info';
import { bodyRefusal, hasBody, targetProblem } from '@/lib/edge/portal/admission';
import { type AppError, toAppError } from '@/lib/platform/errors';
import { log } from '@/lib/platform/log';

/** Longest time a request may take to arrive. */
const arrivalMs = 30_000;
const headersMs = 10_000;

type Listener = (incoming: IncomingMessage, outgoing: ServerResponse) => void;

const info = (incoming: IncomingMessage) =>
  requestInfo(new Headers({ 'x-request-id': String(incoming.headers['x-request-id'] ?? '') }));

/** A form of somebody whose session ended goes to sign-in, as it does once Next has read it; Next's client follows its own header. */
function toSignIn(incoming: IncomingMessage): Record<string, string> {
  const target = `/signin?next=${encodeURIComponent(incoming.url ?? '/')}&ended=1`;
  return incoming.headers['next-action'] ? { 'x-action-redirect': `${target};push` } : { location: target };
}

/** Answers without reading the body, and closes the connection, as its rest would be taken for the next request. */
function refuse(incoming: IncomingMessage, outgoing: ServerResponse, refusal: AppError): void {
  const { requestId } = info(incoming);
  const isPage = !/^\/(api|v1)(\/|$)/.test(incoming.url ?? '');
  if (isPage && refusal.code === 'unauthenticated') {
    const headers = { 'content-type': 'text/plain', connection: 'close', 'x-request-id': requestId };
    outgoing.writeHead(303, { ...headers, ...toSignIn(incoming) }).end();
  } else {
    const { status, headers, body } = problemAnswer(refusal, requestId);
    outgoing.writeHead(status, { ...headers, connection: 'close' }).end(body);
  }
}

/** Cuts a body off that has not arrived in time, and says in one line that it, or one whose sender left, broke off. */
function watchArrival(incoming: IncomingMessage, limitMs: number): void {
  const { requestId } = info(incoming);
  const late = setTimeout(() => incoming.destroy(), limitMs).unref();
  incoming.once('end', () => clearTimeout(late));
  incoming.once('close', () => {
    clearTimeout(late);
    if (!incoming.complete)
      log().info(
        { request_id: requestId, method: incoming.method, path: incoming.url?.split('?')[0] },
        'a body broke off',
      );
  });
}

async function admit(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  next: Listener,
  limitMs: number,
): Promise<void> {
  let refusal: AppError | null;
  try {
    refusal = await bodyRefusal(incoming.url ?? '', incoming.headers);
  } catch (error) {
    refusal = toAppError(error);
    log().error({ err: error, request_id: info(incoming).requestId }, 'a caller could not be looked up');
  }
  if (incoming.destroyed) return;
  if (refusal) return refuse(incoming, outgoing, refusal);
  watchArrival(incoming, limitMs);
  next(incoming, outgoing);
}

/** The listener that asks first. A request without a body goes on at once. `limitMs`: longest time a body may take. */
export function guarded(next: Listener, limitMs = arrivalMs): Listener {
  return (incoming, outgoing) => {
    const problem = targetProblem(incoming.url ?? '', incoming.method ?? '');
    if (problem) refuse(incoming, outgoing, problem);
    else if (hasBody(incoming.headers)) void admit(incoming, outgoing, next, limitMs);
    else next(incoming, outgoing);
  };
}

/** Puts the guard before a server's listeners and sets its time-outs. */
export function guardServer(server: Server): void {
  server.headersTimeout = headersMs;
  server.requestTimeout = arrivalMs;
  const listeners = server.listeners('request') as Listener[];
  server.removeAllListeners('request');
  for (const listener of listeners) server.on('request', guarded(listener));
}

const isBrokenOff = (error: unknown): boolean =>
  error instanceof Error && error.message === 'aborted' && (error as { code?: unknown }).code === 'ECONNRESET';

/** Next writes the stack of each body that broke off; ours is one line, written above. */
function silenceBrokenBodies(): void {
  const write = console.error.bind(console);
  console.error = (...what: unknown[]) => {
    if (!what.some(isBrokenOff)) write(...what);
  };
}

/** Guards the server that `next start` has made, from its first request on: Next hands it to nobody. */
export function guardServerOfNext(): void {
  silenceBrokenBodies();
  const onFirst = (message: unknown) => {
    unsubscribe('http.server.request.start', onFirst);
    guardServer((message as { server: Server }).server);
  };
  subscribe('http.server.request.start', onFirst);
}
