/** A web Request as the edge's own request, with the body's size bounded while it is read. */
import {
  type BodyOptions,
  type EdgeAnswer,
  type EdgeRequest,
  isWithoutBody,
  maxBodyBytes,
} from '@/lib/edge/http/message';
import { AppError } from '@/lib/platform/errors';

async function readBounded(request: Request, { maxBytes = maxBodyBytes, onPart }: BodyOptions = {}): Promise<Buffer> {
  const tooLarge = () => new AppError('body_too_large', `The body is over ${maxBytes} bytes.`);
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) throw tooLarge();
  if (!request.body) return Buffer.alloc(0);
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const part of request.body as unknown as AsyncIterable<Uint8Array>) {
      size += part.byteLength;
      if (size > maxBytes) throw tooLarge();
      onPart?.(part.byteLength);
      parts.push(part);
    }
  } catch (error) {
    // Its sender has left, which is no fault of ours.
    throw error instanceof AppError ? error : new AppError('bad_request', 'The body broke off.', { cause: error });
  }
  return Buffer.concat(parts);
}

/** The request as routes read it. */
export function fromWebRequest(request: Request): EdgeRequest {
  const url = new URL(request.url);
  return {
    method: request.method,
    path: url.pathname,
    search: url.search.slice(1),
    headers: request.headers,
    readBody: options => readBounded(request, options),
    gone: () => request.signal,
  };
}

/** The answer as Next and Hono send it. */
export const toWebResponse = (answer: EdgeAnswer): Response =>
  new Response(isWithoutBody(answer.status) ? null : answer.body, { status: answer.status, headers: answer.headers });
