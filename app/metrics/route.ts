/** Prometheus metrics of the portal's process: with METRICS_TOKEN, or without one where the portal itself is on loopback. */
import { env } from '@/lib/platform/env';
import { mayReadMetrics } from '@/lib/platform/http/health';
import { metrics } from '@/lib/platform/metrics';

export const dynamic = 'force-dynamic';

const loopbackHosts = new Set(['127.0.0.1', 'localhost', '[::1]']);

export async function GET(request: Request): Promise<Response> {
  // The caller's address is only a header here, so without a token the portal's own address decides.
  const remoteAddress = loopbackHosts.has(new URL(env().PORTAL_URL).hostname) ? '127.0.0.1' : null;
  const allowed = mayReadMetrics({
    authorization: request.headers.get('authorization'),
    remoteAddress,
    forwarded: false,
  });
  if (!allowed) return new Response('not allowed\n', { status: 401, headers: { 'www-authenticate': 'Bearer' } });
  const { registry } = metrics();
  return new Response(await registry.metrics(), { headers: { 'content-type': registry.contentType } });
}
