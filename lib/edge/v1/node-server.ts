/** Serves the data plane on plain node:http, without Request and Response objects: they cost more than the calls. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { answerGithubWebhook, githubWebhookRoute } from '@/lib/edge/http/github-webhook';
import {
  type BodyOptions,
  type EdgeAnswer,
  type EdgeRequest,
  isWithoutBody,
  maxBodyBytes,
  problemAnswer,
} from '@/lib/edge/http/message';
import { answerStripeWebhook, webhookPath } from '@/lib/edge/http/webhook';
import { answer } from '@/lib/edge/v1/answer';
import { AppError } from '@/lib/platform/errors';
import { newUuid } from '@/lib/platform/ids';

/** How long a refused upload may go on, so that its sender can read the refusal. */
const lingerMs = 2_000;

function readBody(incoming: IncomingMessage, { maxBytes = maxBodyBytes, onPart }: BodyOptions = {}): Promise<Buffer> {
  const tooLarge = () => new AppError('body_too_large', `The body is over ${maxBytes} bytes.`);
  if (Number(incoming.headers['content-length'] ?? 0) > maxBytes) return Promise.reject(tooLarge());
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    let size = 0;
    incoming.on('data', (part: Buffer) => {
      size += part.length;
      try {
        if (size > maxBytes) throw tooLarge();
        onPart?.(part.length);
        parts.push(part);
      } catch (error) {
        incoming.removeAllListeners('data');
        reject(error);
      }
    });
    incoming.on('end', () => resolve(parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts)));
    // Closed without an end; after an end there is nothing to say, and an error object is not free.
    incoming.on('close', () => {
      if (!incoming.complete) reject(new AppError('bad_request', 'The body broke off.'));
    });
    incoming.on('error', error => reject(new AppError('bad_request', 'The body broke off.', { cause: error })));
  });
}

function headersOf(incoming: IncomingMessage): EdgeRequest['headers'] {
  return {
    get(name) {
      const value = incoming.headers[name];
      return value === undefined ? null : Array.isArray(value) ? value.join(', ') : value;
    },
  };
}

/** Made only for calls that ask for it: most are answered at once. */
function goneSignal(outgoing: ServerResponse): AbortSignal {
  const gone = new AbortController();
  if (outgoing.destroyed) gone.abort();
  outgoing.once('close', () => {
    if (!outgoing.writableFinished) gone.abort();
  });
  return gone.signal;
}

/** The request as the pipeline reads it. */
export function edgeRequest(incoming: IncomingMessage, outgoing: ServerResponse): EdgeRequest {
  const target = incoming.url ?? '/';
  const question = target.indexOf('?');
  return {
    method: incoming.method ?? 'GET',
    path: question < 0 ? target : target.slice(0, question),
    search: question < 0 ? '' : target.slice(question + 1),
    headers: headersOf(incoming),
    readBody: options => readBody(incoming, options),
    gone: () => goneSignal(outgoing),
    address: incoming.socket.remoteAddress,
  };
}

/** Writes the answer; a body that was not read to its end is left unread and its connection closed. */
export function send(incoming: IncomingMessage, outgoing: ServerResponse, answered: EdgeAnswer): void {
  if (outgoing.destroyed) return;
  const headers: Record<string, string | number> = answered.headers;
  if (!isWithoutBody(answered.status)) headers['content-length'] = Buffer.byteLength(answered.body);
  const unread = !incoming.complete;
  if (unread) headers.connection = 'close';
  outgoing.writeHead(answered.status, headers);
  outgoing.end(incoming.method === 'HEAD' ? undefined : answered.body);
  if (!unread) return;
  incoming.resume();
  setTimeout(() => incoming.destroy(), lingerMs).unref();
}

const listenerOf =
  (answered: (request: EdgeRequest) => Promise<EdgeAnswer>) =>
  (incoming: IncomingMessage, outgoing: ServerResponse): void => {
    void answered(edgeRequest(incoming, outgoing)).then(sent => send(incoming, outgoing, sent));
  };

/** The request listener of `http.createServer` for everything below /v1, and for lineage. */
export const listener = listenerOf(answer);

/** As it is mounted in Next: with all that lies below it. */
const lineageMount = '/api/v1/lineage/[[...path]]';

/** What the data plane serves beside /v1: paths that the portal has too, under the same guards (lib/laws/tenancy). */
export const besideV1: Record<string, typeof listener> = {
  [webhookPath]: listenerOf(answerStripeWebhook),
  [githubWebhookRoute]: listenerOf(answerGithubWebhook),
  [lineageMount]: listener,
};

/** What of it serves this path; undefined where nothing does. */
export const besideOf = (path: string): typeof listener | undefined =>
  besideV1[
    path.replace(/^(\/api\/webhooks\/github\/)[^/]+$/, '$1[id]').replace(/^\/api\/v1\/lineage(?:\/.*)?$/, lineageMount)
  ];

/** Answers what is no HTTP (or too long a header, or too slow) with a problem document; for the server's `clientError`. */
export function refuseMalformed(error: Error & { code?: string }, socket: Duplex): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const { body, headers } = problemAnswer(new AppError('bad_request', 'The request is no valid HTTP.'), newUuid());
  const all = { ...headers, 'content-length': Buffer.byteLength(body), connection: 'close' };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  socket.end(`HTTP/1.1 400 Bad Request\r\n${lines.join('\r\n')}\r\n\r\n${body}`);
}
