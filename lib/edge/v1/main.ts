/** `npm run data-plane`: the data plane and webhooks alone, on plain node:http, for load. */
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { flushKeyUses } from '@/lib/domains/keys/uses';
import { flushUsage } from '@/lib/domains/quotas/usage-counts';
import { waiters } from '@/lib/domains/runs/start/waiters';
import { exposeBacklogs } from '@/lib/edge/http/backlogs';
import { drainOnSignal, endConnectionsWithAnswer } from '@/lib/edge/http/drain';
import { besideOf, listener, refuseMalformed } from '@/lib/edge/v1/node-server';
import { closeDb } from '@/lib/platform/db';
import { EnvironmentError, env } from '@/lib/platform/env';
import { answerOperations } from '@/lib/platform/http/health';
import { log } from '@/lib/platform/log';
import { closeAnalyzer } from '@/lib/platform/sql-analyzer/analyze-sql';
import { closeIngestLogs } from '@/lib/warehouse/ingest/log/ingest-log';

/** Connections the kernel may hold for us while a burst of callers connects. */
const backlog = 4_096;

/** Longer than load balancers keep theirs (Google's 600 s), which would else send into a connection that we just close. */
const keepAliveTimeout = 620_000;

function createDataPlane(): Server {
  const limits = { headersTimeout: 10_000, requestTimeout: 30_000, keepAliveTimeout, maxHeaderSize: 16_384 };
  const server = createServer(limits, (incoming, outgoing) => {
    const beside = besideOf(incoming.url?.split('?', 1)[0] ?? '');
    if (incoming.url?.startsWith('/v1')) listener(incoming, outgoing);
    else if (beside) beside(incoming, outgoing);
    else if (incoming.url && /^\/docs(?:\/|$)/.test(incoming.url)) redirectToDocs(incoming.url, outgoing);
    else void answerOperations(incoming, outgoing);
  });
  server.on('clientError', refuseMalformed);
  return server;
}

/** Problem documents name `/docs/errors#code`; the pages themselves are the portal's, and a browser keeps the part behind #. */
function redirectToDocs(path: string, outgoing: ServerResponse): void {
  const location = new URL(env().PORTAL_URL);
  location.pathname = path.split('?', 1)[0] ?? '/docs';
  outgoing.writeHead(302, { location: location.href }).end();
}

async function close(server: Server): Promise<void> {
  endConnectionsWithAnswer();
  waiters().close();
  // Connections kept alive would hold the server for their whole time-out once their last answer is sent.
  const sweep = setInterval(() => server.closeIdleConnections(), 50);
  await new Promise(resolve => server.close(resolve));
  clearInterval(sweep);
  await Promise.all([flushKeyUses(), flushUsage()]);
  closeAnalyzer();
  await closeIngestLogs();
  await closeDb();
}

try {
  const { PORT, HOST } = env();
  exposeBacklogs();
  const server = createDataPlane();
  server.listen({ port: PORT, host: HOST, backlog }, () => {
    const { address, port } = server.address() as AddressInfo;
    log().info({ address, port }, 'data plane listening');
  });
  drainOnSignal(() => close(server));
} catch (error) {
  if (!(error instanceof EnvironmentError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
