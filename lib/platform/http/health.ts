/** /health and /metrics on plain node:http, the same on every process. */
import { timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { BigQueryStatementError, bigquery, bigqueryRequest } from '@/lib/platform/bigquery/bigquery';
import { pool } from '@/lib/platform/db';
import { env } from '@/lib/platform/env';
import { metrics } from '@/lib/platform/metrics';
import { processWide } from '@/lib/platform/process-wide';
import { sharedRedis } from '@/lib/platform/redis';
import { analyzerStanding } from '@/lib/platform/sql-analyzer/analyze-sql';

export type HealthPart = { ok: boolean; ms: number; message: string };
export type HealthReport = {
  /** `degraded`: works, but a part that is not essential is away; `down`: answers 503. */
  status: 'ok' | 'degraded' | 'down';
  parts: Record<string, HealthPart>;
};
/** Answers a sentence when the part is well and throws HealthProblem, or anything, when it is not. */
export type HealthCheck = { essential: boolean; check: () => Promise<string> };
export type HealthChecks = Record<string, HealthCheck>;

/** A failing part, in words fit for whoever may call /health. */
export class HealthProblem extends Error {}

const checkTimeoutMs = 3_000;
const keptMs = 5_000;

async function askPart({ check }: HealthCheck): Promise<HealthPart> {
  const started = performance.now();
  const answer = (ok: boolean, message: string) => ({ ok, ms: Math.round(performance.now() - started), message });
  const timer = new AbortController();
  const late = sleep(checkTimeoutMs, 'late' as const, { signal: timer.signal }).catch(() => 'late' as const);
  try {
    const asked = check().then(message => ({ message }));
    const first = await Promise.race([asked, late]);
    return first === 'late' ? answer(false, `no answer within ${checkTimeoutMs} ms`) : answer(true, first.message);
  } catch (error) {
    return answer(false, error instanceof HealthProblem ? error.message : 'not reachable');
  } finally {
    timer.abort();
  }
}

/** Asks all parts at once, each for at most 3 s. Only an essential part that fails makes the whole `down`. */
export async function healthOf(checks: HealthChecks): Promise<HealthReport> {
  const asked = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => [name, check, await askPart(check)] as const),
  );
  const failed = asked.filter(([, , part]) => !part.ok);
  const down = failed.some(([, check]) => check.essential);
  return {
    status: down ? 'down' : failed.length > 0 ? 'degraded' : 'ok',
    parts: Object.fromEntries(asked.map(([name, , part]) => [name, part])),
  };
}

async function databaseAnswers(): Promise<string> {
  await pool().query('SELECT 1');
  return 'answers';
}

async function askBigQuery(): Promise<string> {
  try {
    await bigqueryRequest(bigquery(), { method: 'GET', uri: '/datasets/customers', timeoutMs: checkTimeoutMs });
    return 'answers';
  } catch (error) {
    if (!(error instanceof BigQueryStatementError)) throw error;
    throw new HealthProblem(error.reason === 'notFound' ? 'the dataset customers is missing' : 'refuses our requests');
  }
}

/** BigQuery is asked once in 5 s however often /health is called. */
function bigqueryAnswers(): Promise<string> {
  const kept = processWide('health-bigquery', () => ({ until: 0, answer: Promise.resolve('') }));
  if (Date.now() >= kept.until) {
    kept.until = Date.now() + keptMs;
    kept.answer = askBigQuery();
    kept.answer.catch(() => undefined);
  }
  return kept.answer;
}

/** Where limits are counted; a Redis that is away only makes each process count for itself. */
async function limitStoreAnswers(): Promise<string> {
  const redis = sharedRedis();
  if (!redis) return 'in this process';
  try {
    await redis.ping();
  } catch {
    throw new HealthProblem('Redis does not answer; limits are kept in this process');
  }
  return 'in Redis';
}

/** Without it only the query desk is closed. */
async function analyzerAnswers(): Promise<string> {
  const { ok, message } = await analyzerStanding();
  if (!ok) throw new HealthProblem(message);
  return message;
}

/** The parts every process has. Without BigQuery commands still work and pages show their last rows. */
export const standardChecks: HealthChecks = {
  database: { essential: true, check: databaseAnswers },
  bigquery: { essential: false, check: bigqueryAnswers },
  limits: { essential: false, check: limitStoreAnswers },
};

/** Those, and what the processes that answer people and keys have besides. */
const answeringChecks: HealthChecks = {
  ...standardChecks,
  sql_analyzer: { essential: false, check: analyzerAnswers },
};

/** Health of this process, which answers people and keys; for /api/health and /v1/health. */
export const healthReport = (): Promise<HealthReport> => healthOf(answeringChecks);

/** HTTP answer of a report: 200, or 503 with Retry-After. */
export const healthResponse = (report: HealthReport) => ({
  status: report.status === 'down' ? 503 : 200,
  headers: {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
    ...(report.status === 'down' ? { 'retry-after': '5' } : {}),
  },
  body: JSON.stringify(report),
});

const loopback = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);

/**
 * Whether the caller may read /metrics: with METRICS_TOKEN as bearer token where one is set, else only from loopback
 * and not through a proxy. `remoteAddress` is null where it is not known.
 */
export function mayReadMetrics(caller: {
  authorization: string | null;
  remoteAddress: string | null;
  forwarded: boolean;
}): boolean {
  const token = env().METRICS_TOKEN;
  if (!token) return !caller.forwarded && loopback.has(caller.remoteAddress ?? '');
  const [given, wanted] = [Buffer.from(caller.authorization ?? ''), Buffer.from(`Bearer ${token}`)];
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

function send(outgoing: ServerResponse, status: number, headers: Record<string, string>, body: string): void {
  outgoing.writeHead(status, headers);
  outgoing.end(body);
}

const plain = { 'content-type': 'text/plain; charset=utf-8' };

async function answerMetrics(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const allowed = mayReadMetrics({
    authorization: incoming.headers.authorization ?? null,
    remoteAddress: incoming.socket.remoteAddress ?? null,
    forwarded: 'x-forwarded-for' in incoming.headers || 'forwarded' in incoming.headers,
  });
  if (!allowed) return send(outgoing, 401, { ...plain, 'www-authenticate': 'Bearer' }, 'not allowed\n');
  const { registry } = metrics();
  send(outgoing, 200, { 'content-type': registry.contentType }, await registry.metrics());
}

/** Answers GET /health and GET /metrics, 404 for all else; never throws. */
export async function answerOperations(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  checks: HealthChecks = answeringChecks,
): Promise<void> {
  try {
    const path = incoming.url?.split('?')[0];
    if (path !== '/health' && path !== '/metrics') return send(outgoing, 404, plain, 'not found\n');
    if (incoming.method !== 'GET' && incoming.method !== 'HEAD') {
      return send(outgoing, 405, { ...plain, allow: 'GET, HEAD' }, 'method not allowed\n');
    }
    if (path === '/metrics') return await answerMetrics(incoming, outgoing);
    const { status, headers, body } = healthResponse(await healthOf(checks));
    send(outgoing, status, headers, body);
  } catch {
    if (!outgoing.headersSent) send(outgoing, 500, plain, 'failed\n');
  }
}

/** A server with only /health and /metrics, listening on HOST and WORKER_PORT, or PORT where that is not set. */
export async function startHealthServer(checks: HealthChecks): Promise<Server> {
  const server = createServer({ requestTimeout: 10_000 }, (incoming, outgoing) => {
    void answerOperations(incoming, outgoing, checks);
  });
  const { WORKER_PORT, PORT, HOST } = env();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port: WORKER_PORT ?? PORT, host: HOST }, resolve);
  });
  return server;
}
