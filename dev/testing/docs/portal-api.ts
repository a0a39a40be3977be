/** Answers calls of the portal below /api over HTTP, as Next does: by the handler that stands at the path. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { env } from '@/lib/platform/env';

type Handler = (request: Request, context: { params: Promise<Record<string, string>> }) => Promise<Response>;

/** For paths without parameters, which is what samples call. */
export async function answerPortal(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const { method = 'GET' } = incoming;
  const url = new URL(incoming.url ?? '/', env().PORTAL_URL);
  const handlers = (await import(join(process.cwd(), 'app', url.pathname, 'route.ts'))) as Record<string, Handler>;
  const handler = handlers[method];
  if (!handler) throw new Error(`${url.pathname} answers no ${method}`);
  const headers = new Headers(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]));
  const body = method === 'GET' ? undefined : await buffer(incoming);
  const answer = await handler(new Request(url, { method, headers, body }), { params: Promise.resolve({}) });
  outgoing.writeHead(answer.status, Object.fromEntries(answer.headers)).end(await answer.text());
}
