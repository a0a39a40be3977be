/** The pipeline of POST /v1/traces: whose key, how much of it at once, then the records of LiteLLM or the spans of OpenTelemetry. */
import type { SentTraces } from '@/lib/domains/traces/collect/normalize-body';
import { listed } from '@/lib/domains/traces/collect/take-traces';
import { authenticate, ctxOf } from '@/lib/edge/http/authenticate';
import { readQuery } from '@/lib/edge/http/json-body';
import { takeRequest } from '@/lib/edge/http/limits';
import { type EdgeAnswer, type EdgeRequest, jsonAnswer } from '@/lib/edge/http/message';
import { answerBulk, type BulkCall } from '@/lib/edge/v1/bulk/answer-bulk';
import { type Room, roomOf } from '@/lib/edge/v1/bulk/body-room';
import { type Goods, requirePost, requireSending, sendingFor, takeVolume } from '@/lib/edge/v1/bulk/sender';
import { jsonSuccess, protobufFailure, protobufSuccess } from '@/lib/edge/v1/traces/otlp-answer';
import { isProtobuf, readTraceBytes, sentTraces } from '@/lib/edge/v1/traces/read-traces';
import { tracesQuery } from '@/lib/edge/v1/traces/routes';
import { type Outcome, type TracesDoor, takeSent } from '@/lib/edge/v1/traces/take-sent';
import { parseInput } from '@/lib/kernel/input';

/** Answers a request where its path takes traces; null for every other path. */
export type AnswerTraces = (request: EdgeRequest) => Promise<EdgeAnswer> | null;

/** OpenTelemetry's own path below the address that an exporter is given; some end it with a slash. */
const isPath = (path: string): boolean => path === '/v1/traces' || path === '/v1/traces/';

/** The pipeline over a door; the product's own is in lib/edge/v1/traces/door.ts. */
export function createAnswerTraces(door: TracesDoor): AnswerTraces {
  return request => {
    if (!isPath(request.path)) return null;
    const inForm = (problem: EdgeAnswer, message: string) =>
      isProtobuf(request) ? protobufFailure(problem, message) : problem;
    // LiteLLM sends again what is answered by 503, as exporters do, and never what is answered by 429.
    const later = 'slow_down';
    return answerBulk(request, {
      route: '/v1/traces',
      goods: 'traces',
      later,
      inForm,
      handle: call => handled(door, call),
    });
  };
}

/** Far more than the models of a customer write. */
const goods: Goods = { named: 'Traces', volume: { name: 'trace-kilobytes', kilobytes: 200_000 } };

async function handled(door: TracesDoor, { request, info, headers }: BulkCall): Promise<EdgeAnswer> {
  requirePost(request, headers);
  const holder = await authenticate(request.headers.get('authorization'), info);
  await takeRequest(holder, headers);
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
