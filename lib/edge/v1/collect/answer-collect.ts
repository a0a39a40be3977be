/** The pipeline of every call that takes events: whose it is, whether it may, what of it is taken. Errors become problems. */
import type { CallKind } from '@/lib/domains/events/collect/check-body';
import { requireEnabled, requireOrigin, type Sender } from '@/lib/domains/events/collect/sender';
import { type Door, listed, takeCalls } from '@/lib/domains/events/collect/take-calls';
import { type EdgeAnswer, type EdgeRequest, emptyAnswer, jsonAnswer, problemAnswer } from '@/lib/edge/http/message';
import { requestIdOf, senderAddress, userAgentOf } from '@/lib/edge/http/request-info';
import { preflightHeaders, readableBy } from '@/lib/edge/v1/collect/cors';
import { type CollectTarget, collectTarget } from '@/lib/edge/v1/collect/paths';
import { readCalls } from '@/lib/edge/v1/collect/read-body';
import { sdkSettings } from '@/lib/edge/v1/collect/sdk-settings';
import { keyOfBody, keyOfHeader } from '@/lib/edge/v1/collect/write-key';
import { consume } from '@/lib/kernel/limits';
import { AppError, toAppError } from '@/lib/platform/errors';
import { log } from '@/lib/platform/log';
import { metrics } from '@/lib/platform/metrics';

export type CollectDoor = Door & {
  /** Null for a key that is unknown or works no more. */
  senderOf: (writeKey: string) => Promise<Sender | null>;
};

/** Answers a request where its path takes events; null for every other path. */
export type AnswerCollect = (request: EdgeRequest) => Promise<EdgeAnswer> | null;

type Call = { request: EdgeRequest; target: CollectTarget; headers: Record<string, string> };

/** Same-origin pages would ask their visitors for a password if this said Basic. */
const challenge = 'WriteKey realm="tenantry"';
const taken = '{"success":true}';

/** The pipeline over a door; the product's own is in lib/edge/v1/collect/door.ts. */
export function createAnswerCollect(door: CollectDoor): AnswerCollect {
  return request => {
    const target = collectTarget(request.path);
    return target === null ? null : answer(door, { request, target, headers: {} });
  };
}

async function answer(door: CollectDoor, call: Call): Promise<EdgeAnswer> {
  const startedMs = performance.now();
  const { request, target, headers } = call;
  const requestId = requestIdOf(request.headers);
  headers['x-request-id'] = requestId;
  headers['access-control-allow-origin'] = '*';
  let answered: EdgeAnswer;
  try {
    answered = await handled(door, call);
  } catch (error) {
    const known = toAppError(error);
    if (known.status >= 500)
      log().warn({ err: error, request_id: requestId, path: request.path }, 'events were not taken');
    answered = problemAnswer(known, requestId, headers);
    if (known.status === 401) answered.headers['www-authenticate'] = challenge;
  }
  const route = target.what === 'calls' ? target.kind : target.what;
  metrics()
    .httpSeconds.labels(`${request.method} collect/${route}`, String(answered.status))
    .observe((performance.now() - startedMs) / 1_000);
  return answered;
}

function handled(door: CollectDoor, call: Call): Promise<EdgeAnswer> | EdgeAnswer {
  const { request, target, headers } = call;
  const own = target.what === 'settings' ? ['GET', 'HEAD'] : ['POST'];
  if (request.method === 'OPTIONS') {
    const methods = [...own, 'OPTIONS'].join(', ');
    return emptyAnswer(204, { ...headers, ...preflightHeaders(request, methods) });
  }
  if (!own.includes(request.method)) {
    headers.allow = [...own, 'OPTIONS'].join(', ');
    throw new AppError('method_not_allowed', `This path answers ${headers.allow}.`);
  }
  if (target.what === 'settings') return settings(door, call, target.writeKey);
  if (target.what === 'metrics') return jsonAnswer(200, taken, headers);
  return calls(door, call, target.kind);
}

/** The sender by its key, once it may send from this page and has a request left in this second. */
async function admitted(door: CollectDoor, { request, headers }: Call, writeKey: string): Promise<Sender> {
  const sender = await door.senderOf(writeKey);
  if (!sender) throw new AppError('invalid_key', 'This write key is not known, or works no more.');
  const origin = request.headers.get('origin');
  if (sender.allowedOrigins.length > 0) {
    delete headers['access-control-allow-origin'];
    Object.assign(headers, readableBy(sender.allowedOrigins, origin));
    requireOrigin(sender, origin);
  }
  requireEnabled(sender);
  return sender;
}

async function takeRequest({ sourceId, requestsPerSecond: points }: Sender): Promise<void> {
  const { allowed, resetSeconds } = await consume({ name: 'event-source', points, seconds: 1 }, sourceId);
  if (allowed) return;
  const message = `This event source takes ${points} requests a second.`;
  throw new AppError('rate_limited', message, { retryAfterSeconds: resetSeconds });
}

async function calls(door: CollectDoor, call: Call, kind: CallKind): Promise<EdgeAnswer> {
  const { request, headers } = call;
  const arrival = {
    receivedAt: new Date(),
    ip: senderAddress(request.headers, request.address),
    userAgent: userAgentOf(request.headers),
  };
  const named = keyOfHeader(request.headers.get('authorization'));
  const known = named === null ? null : await admitted(door, call, named);
  if (known) await takeRequest(known);
  const sent = await readCalls(request, kind);
  const sender = known ?? (await admitted(door, call, keyOfBody(sent)));
  if (!known) await takeRequest(sender);
  const { accepted, refused } = await takeCalls(door, sender, sent, arrival);
  if (refused.length === 0) return jsonAnswer(200, taken, headers);
  const body = { success: true, accepted, refused: listed(refused), refused_count: refused.length };
  return jsonAnswer(200, body, headers);
}

/** Settings say nothing that the page which asks does not know, and change when the operator moves. */
async function settings(door: CollectDoor, call: Call, writeKey: string): Promise<EdgeAnswer> {
  const sender = await admitted(door, call, writeKey).catch((error: unknown) => {
    // The key stands in the address: one that is not known is an address that there is not.
    if (error instanceof AppError && error.status === 401)
      throw new AppError('not_found', 'This write key is not known.');
    throw error;
  });
  await takeRequest(sender);
  const headers = { ...call.headers, 'cache-control': 'private, max-age=60' };
  return jsonAnswer(200, sdkSettings(writeKey, call.request), headers);
}
