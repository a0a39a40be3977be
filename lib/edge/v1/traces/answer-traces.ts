/** The pipeline of POST /v1/traces: whose key, how much of it at once, then the records of LiteLLM or the spans of OpenTelemetry. */
import type { SentTraces } from '@/lib/domains/traces/collect/normalize-body';
import { listed } from '@/lib/domains/traces/collect/take-traces';
import { authenticate, ctxOf, noteAnswer } from '@/lib/edge/http/authenticate';
import { readQuery } from '@/lib/edge/http/json-body';
import { takeRequest } from '@/lib/edge/http/limits';
import { type EdgeAnswer, type EdgeRequest, jsonAnswer, problemAnswer } from '@/lib/edge/http/message';
import { type RequestInfo, requestInfo } from '@/lib/edge/http/request-info';
import { type Room, roomOf } from '@/lib/edge/v1/bulk/body-room';
import { type Goods, laterAs, requirePost, requireSending, sendingFor, takeVolume } from '@/lib/edge/v1/bulk/sender';
import { jsonSuccess, protobufFailure, protobufSuccess } from '@/lib/edge/v1/traces/otlp-answer';
import { isProtobuf, readTraceBytes, sentTraces } from '@/lib/edge/v1/traces/read-traces';
import { tracesQuery } from '@/lib/edge/v1/traces/routes';
import { type Outcome, type TracesDoor, takeSent } from '@/lib/edge/v1/traces/take-sent';
import { parseInput } from '@/lib/kernel/input';
import { toAppError } from '@/lib/platform/errors';
import { log } from '@/lib/platform/log';
import { metrics } from '@/lib/platform/metrics';

/** Answers a request where its path takes traces; null for every other path. */
export type AnswerTraces = (request: EdgeRequest) => Promise<EdgeAnswer> | null;

type Call = { request: EdgeRequest; info: RequestInfo; headers: Record<string, string> };

/** OpenTelemetry's own path below the address that an exporter is given; some end it with a slash. */
const isPath = (path: string): boolean => path === '/v1/traces' || path === '/v1/traces/';

/** The pipeline over a door; the product's own is in lib/edge/v1/traces/door.ts. */
export function createAnswerTraces(door: TracesDoor): AnswerTraces {
  return request => (isPath(request.path) ? answer(door, request) : null);
}

async function answer(door: TracesDoor, request: EdgeRequest): Promise<EdgeAnswer> {
  const startedMs = performance.now();
  const info = requestInfo(request.headers, request.address);
  const headers: Record<string, string> = { 'x-request-id': info.requestId };
  let answered: EdgeAnswer;
  let code: string | null = null;
  try {
    answered = await handled(door, { request, info, headers });
  } catch (error) {
    const known = toAppError(error);
    code = known.code;
    if (known.status >= 500 && known.code !== 'slow_down')
      log().warn({ err: error, request_id: info.requestId }, 'traces were not taken');
    answered = problemAnswer(known, info.requestId, headers);
    if (isProtobuf(request)) answered = protobufFailure(answered, known.message);
  }
  noteAnswer(info, { method: request.method, route: '/v1/traces', status: answered.status, code });
  metrics()
    .httpSeconds.labels(`${request.method} /v1/traces`, String(answered.status))
    .observe((performance.now() - startedMs) / 1_000);
  return answered;
}

/** Far more than the models of a customer write. */
const goods: Goods = { named: 'Traces', volume: { name: 'trace-kilobytes', kilobytes: 200_000 } };

/** What is too much now is answered by 503: LiteLLM sends that again, as exporters do, and 429 never. */
const later = (error: unknown): Promise<never> => Promise.reject(laterAs('slow_down', error));

async function handled(door: TracesDoor, { request, info, headers }: Call): Promise<EdgeAnswer> {
  requirePost(request, headers);
  const holder = await authenticate(request.headers.get('authorization'), info);
  await takeRequest(holder, headers).catch(later);
  if (holder.kind === 'customer') requireSending(holder.customerStatus, goods);
  const room = roomOf(holder.keyId);
  try {
    const outcome = await takeSent(door, ctxOf(holder, info), async () => {
      const { customer_id: named, repo } = parseInput(tracesQuery, readQuery(request.search));
      const ctx = await sendingFor(holder, info, named, goods);
      const sent = await readSent(request, ctx.customerId, room);
      return { ctx, sent, repo: repo ?? request.headers.get('x-tenantry-repo') ?? undefined };
    });
    return success(request, outcome, headers);
  } finally {
    room.free();
  }
}

async function readSent(request: EdgeRequest, customerId: string, room: Room): Promise<SentTraces> {
  const bytes = await readTraceBytes(request, room);
  await takeVolume(customerId, bytes.length, goods);
  return sentTraces(request, bytes);
}

function success(request: EdgeRequest, outcome: Outcome, headers: Record<string, string>): EdgeAnswer {
  if (outcome.form === 'otlp') {
    const answerIn = isProtobuf(request) ? protobufSuccess : jsonSuccess;
    return answerIn(outcome.outcome, headers);
  }
  const { taken } = outcome;
  const assumed = taken.rows.filter(row => row.timestamp_assumed).length;
  const body = {
    accepted: taken.rows.length,
    refused: listed(taken),
    refused_count: taken.refusedCount,
    ...(assumed > 0 ? { assumed_times: assumed } : {}),
  };
  return jsonAnswer(200, body, headers);
}
