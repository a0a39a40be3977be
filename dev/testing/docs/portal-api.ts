/** Answers reads of the portal below /api over HTTP, as Next does: by the handler that stands at the path. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { env } from '@/lib/platform/env';

type Handler = (request: Request, context: { params: Promise<Record<string, string>> }) => Promise<Response>;

/** For paths without parameters, which is what samples read. */
export async function answerPortalRead(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const url = new URL(incoming.url ?? '/', env().PORTAL_URL);
  const { GET } = (await import(join(process.cwd(), 'app', url.pathname, 'route.ts'))) as { GET: Handler };
  const headers = new Headers(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]));
  const answer = await GET(new Request(url, { headers }), { params: Promise.resolve({}) });
  outgoing.writeHead(answer.status, Object.fromEntries(answer.headers)).end(await answer.text());
}
