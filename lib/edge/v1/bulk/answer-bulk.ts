/** What every call that takes large bodies does around its own work: errors become problems, and what was answered is counted. */
import { noteAnswer } from '@/lib/edge/http/authenticate';
import { type EdgeAnswer, type EdgeRequest, problemAnswer } from '@/lib/edge/http/message';
import { type RequestInfo, requestInfo } from '@/lib/edge/http/request-info';
import { laterAs } from '@/lib/edge/v1/bulk/sender';
import { toAppError } from '@/lib/platform/errors';
import { log } from '@/lib/platform/log';
import { metrics } from '@/lib/platform/metrics';

/** A request on its way; `headers` are those of its answer, whatever that will be. */
export type BulkCall = { request: EdgeRequest; info: RequestInfo; headers: Record<string, string> };

type Bulk = {
  /** The path, as metrics and the calls of a key name it. */
  route: string;
  /** What is taken, as the log names it: `traces`. */
  goods: string;
  /** The code of "too much now" that the senders of these heed: 503 (slow_down) or 429 (rate_limited). */
  later: 'slow_down' | 'rate_limited';
  handle: (call: BulkCall) => Promise<EdgeAnswer>;
  /** The answer to a failure in the sender's own form; a problem document as it is by default. */
  inForm?: (problem: EdgeAnswer, message: string) => EdgeAnswer;
};

/** Answers a request; never throws. */
export async function answerBulk(request: EdgeRequest, bulk: Bulk): Promise<EdgeAnswer> {
  const startedMs = performance.now();
  const info = requestInfo(request.headers, request.address);
  const headers: Record<string, string> = { 'x-request-id': info.requestId };
  let answered: EdgeAnswer;
  let code: string | null = null;
  try {
    answered = await bulk.handle({ request, info, headers });
  } catch (error) {
    const known = toAppError(laterAs(bulk.later, error));
    code = known.code;
    if (known.status >= 500 && code !== 'slow_down')
      log().warn({ err: error, request_id: info.requestId }, `${bulk.goods} were not taken`);
    answered = problemAnswer(known, info.requestId, headers);
    if (bulk.inForm) answered = bulk.inForm(answered, known.message);
  }
  noteAnswer(info, { method: request.method, route: bulk.route, status: answered.status, code });
  metrics()
    .httpSeconds.labels(`${request.method} ${bulk.route}`, String(answered.status))
    .observe((performance.now() - startedMs) / 1_000);
  return answered;
}
