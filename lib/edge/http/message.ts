/** A request and an answer as the data plane sees them, whichever server carries them. */
import { type AppError, toProblem } from '@/lib/platform/errors';

/** Largest body taken, in bytes. */
export const maxBodyBytes = 1_048_576;

export type BodyOptions = {
  /** maxBodyBytes unless said. */
  maxBytes?: number;
  /** Hears of the bytes of each part before it is kept, and may throw to refuse the rest. */
  onPart?: (bytes: number) => void;
};

export type EdgeRequest = {
  method: string;
  /** Path as sent, still percent-encoded, without the query. */
  path: string;
  /** What follows the question mark; empty without one. */
  search: string;
  headers: { get(name: string): string | null };
  /** Reads the whole body. Throws AppError body_too_large beyond the bytes that are taken, and what `onPart` throws. */
  readBody: (options?: BodyOptions) => Promise<Buffer>;
  /** A signal that is aborted when the caller closes the connection before it was answered. */
  gone: () => AbortSignal;
  /** Address of the socket where the server knows it. */
  address?: string;
};

export type EdgeAnswer = { status: number; headers: Record<string, string>; body: string | Uint8Array<ArrayBuffer> };

const always = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };

/** A JSON answer. Text is taken as JSON already written. */
export function jsonAnswer(status: number, body: unknown, headers: Record<string, string> = {}): EdgeAnswer {
  return {
    status,
    headers: { ...always, 'content-type': 'application/json; charset=utf-8', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  };
}

/** Statuses whose answers have no body. */
export const isWithoutBody = (status: number): status is 204 | 304 => status === 204 || status === 304;

/** An answer that has nothing to say. */
export const emptyAnswer = (status: 204 | 304, headers: Record<string, string> = {}): EdgeAnswer => ({
  status,
  headers: { ...always, ...headers },
  body: '',
});

/**
 * An answer written while it is read, for downloads larger than memory should hold. The first piece is awaited before
 * the status is sent, so that a refusal is still an answer; a later failure breaks the connection off, never the file short.
 */
export async function piecesResponse(
  status: number,
  pieces: AsyncIterable<string>,
  headers: Record<string, string>,
): Promise<Response> {
  const reader = pieces[Symbol.asyncIterator]();
  let next = await reader.next();
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    pull: async controller => {
      if (next.done) return controller.close();
      controller.enqueue(encoder.encode(next.value));
      next = await reader.next();
    },
    cancel: async () => {
      await reader.return?.();
    },
  });
  return new Response(body, { status, headers: { ...always, ...headers } });
}

/** The problem document of an error (RFC 9457) with the headers that belong to its status. */
export function problemAnswer(error: AppError, requestId: string, headers: Record<string, string> = {}): EdgeAnswer {
  const extra: Record<string, string> = {};
  if (error.retryAfterSeconds !== undefined) extra['retry-after'] = String(Math.ceil(error.retryAfterSeconds));
  const challenge = challengeOf(error);
  if (challenge) extra['www-authenticate'] = challenge;
  return {
    status: error.status,
    headers: {
      ...always,
      'content-type': 'application/problem+json; charset=utf-8',
      'x-request-id': requestId,
      ...headers,
      ...extra,
    },
    body: JSON.stringify(toProblem(error, requestId)),
  };
}

/** RFC 6750 §3: a bare challenge without credentials, else the reason. */
function challengeOf(error: AppError): string | null {
  if (error.code === 'unauthenticated') return 'Bearer realm="tenantry"';
  if (error.status === 401) return 'Bearer realm="tenantry", error="invalid_token"';
  if (error.code === 'insufficient_scope') return 'Bearer realm="tenantry", error="insufficient_scope"';
  return null;
}
