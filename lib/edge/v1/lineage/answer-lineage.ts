/** The pipeline of POST /api/v1/lineage and /api/v1/lineage/batch: whose key, how much of it at once, then each event by itself. */
import { takeEvents, takeLineageRequest } from '@/lib/domains/lineage/collect/take-events';
import { authenticate, ctxOf, noteAnswer } from '@/lib/edge/http/authenticate';
import { readQuery } from '@/lib/edge/http/json-body';
import { type EdgeAnswer, type EdgeRequest, problemAnswer } from '@/lib/edge/http/message';
import { type RequestInfo, requestInfo } from '@/lib/edge/http/request-info';
import { roomOf } from '@/lib/edge/v1/bulk/body-room';
import { type Goods, laterAs, requirePost, requireSending, sendingFor, takeVolume } from '@/lib/edge/v1/bulk/sender';
import { answerEvents } from '@/lib/edge/v1/lineage/answer-events';
import { type Count, readEventBytes, sentEvents } from '@/lib/edge/v1/lineage/read-events';
import { lineageQuery } from '@/lib/edge/v1/lineage/routes';
import { parseInput } from '@/lib/kernel/input';
import { toAppError } from '@/lib/platform/errors';
import { log } from '@/lib/platform/log';
import { metrics } from '@/lib/platform/metrics';

/** How many events each path takes. */
const paths: Record<string, Count> = { '/api/v1/lineage': 'one', '/api/v1/lineage/batch': 'many' };

/** kB that Postgres is to write of one customer; a minute's usual events are 20 MB. */
const goods: Goods = { named: 'Events of OpenLineage', volume: { name: 'lineage-kilobytes', kilobytes: 50_000 } };

type Call = { path: string; count: Count; info: RequestInfo; headers: Record<string, string> };

/** Answers a request where its path takes events of OpenLineage; null for every other path. Source: docs/lineage.md, On the wire. */
export function answerLineage(request: EdgeRequest): Promise<EdgeAnswer> | null {
  const path = request.path.endsWith('/') ? request.path.slice(0, -1) : request.path;
  const count = Object.hasOwn(paths, path) ? paths[path] : undefined;
  return count ? answer(request, path, count) : null;
}

async function answer(request: EdgeRequest, path: string, count: Count): Promise<EdgeAnswer> {
  const startedMs = performance.now();
  const info = requestInfo(request.headers, request.address);
  const headers: Record<string, string> = { 'x-request-id': info.requestId };
  let answered: EdgeAnswer;
  let code: string | null = null;
  try {
    answered = await handled(request, { path, count, info, headers });
  } catch (error) {
    // Clients drop what is answered by 429, and send again what is answered by 503.
    const known = toAppError(laterAs('slow_down', error));
    code = known.code;
    if (known.status >= 500 && known.code !== 'slow_down')
      log().warn({ err: error, request_id: info.requestId }, 'lineage was not taken');
    answered = problemAnswer(known, info.requestId, headers);
  }
  noteAnswer(info, { method: request.method, route: path, status: answered.status, code });
  metrics()
    .httpSeconds.labels(`${request.method} ${path}`, String(answered.status))
    .observe((performance.now() - startedMs) / 1_000);
  return answered;
}

async function handled(request: EdgeRequest, { count, info, headers }: Call): Promise<EdgeAnswer> {
  requirePost(request, headers);
  const holder = await authenticate(request.headers.get('authorization'), info);
  await takeLineageRequest(holder.keyId);
  if (holder.kind === 'customer') requireSending(holder.customerStatus, goods);
  const room = roomOf(holder.keyId);
  try {
    const taken = await takeEvents.onceAllowed(ctxOf(holder, info), async () => {
      const { customer_id: named } = parseInput(lineageQuery, readQuery(request.search));
      const ctx = await sendingFor(holder, info, named, goods);
      const bytes = await readEventBytes(request, count, room);
      await takeVolume(ctx.customerId, bytes.length, goods);
      return { ctx, raw: {}, args: [sentEvents(bytes, count)] };
    });
    return answerEvents(taken, count, headers);
  } finally {
    room.free();
  }
}
