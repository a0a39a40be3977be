/** GitHub's webhooks, on the portal and on the data plane: verified over the bytes as they came, stored by delivery, then answered. */
import { verify } from '@octokit/webhooks-methods';
import { z } from 'zod';
import { type Delivery, hookedRepository, takeDelivery } from '@/lib/domains/pull-requests/repositories/deliveries';
import { openWebhookSecret } from '@/lib/domains/pull-requests/repositories/webhook-secret';
import type { Repository } from '@/lib/domains/pull-requests/tables';
import { exactText } from '@/lib/edge/http/exact-text';
import { type EdgeAnswer, type EdgeRequest, jsonAnswer, problemAnswer } from '@/lib/edge/http/message';
import { requestInfo } from '@/lib/edge/http/request-info';
import { fromWebRequest, toWebResponse } from '@/lib/edge/http/web-request';
import { consume } from '@/lib/kernel/limits';
import { env } from '@/lib/platform/env';
import { AppError, toAppError } from '@/lib/platform/errors';
import { log } from '@/lib/platform/log';
import { metrics } from '@/lib/platform/metrics';

/** Where it stands among the portal's routes; the last part is the repository's id. */
export const githubWebhookRoute = '/api/webhooks/github/[id]';

/** Where GitHub is to send the deliveries of a repository. */
export const webhookUrl = (repositoryId: string): string =>
  new URL(githubWebhookRoute.replace('[id]', repositoryId), env().DATA_PLANE_URL ?? env().PORTAL_URL).href;

/** A push of many commits is large; one that is larger still is missed, and found by the next look. */
const maxBytes = 5 * 1_048_576;

/** Deliveries of one repository. */
const deliveryRule = { name: 'github-webhook', points: 300, seconds: 60 };

const refused = (message: string, cause?: unknown) => new AppError('bad_request', message, { cause });
/** The same for an id that nobody has and for another repository's secret. */
const notSigned = () => refused('The signature is not of this body, or not of this repository’s secret.');

const idPattern = /^[\w-]{1,64}$/;
const payloadShape = z.object({ action: z.string().max(100).optional().catch(undefined) });
const headersShape = z.object({
  delivery: z.string().regex(/^[\w-]{1,64}$/),
  event: z.string().regex(/^[a-z_]{1,64}$/),
  signature: z.string().regex(/^sha256=[\da-f]{64}$/),
});

async function namedRepository(request: EdgeRequest): Promise<Repository> {
  const id = request.path.split('/').at(-1) ?? '';
  const repository = idPattern.test(id) ? await hookedRepository(id) : undefined;
  if (!repository) throw notSigned();
  const { allowed, resetSeconds } = await consume(deliveryRule, id);
  if (!allowed) throw new AppError('rate_limited', 'Too many deliveries.', { retryAfterSeconds: resetSeconds });
  return repository;
}

/** The action that the body tells, of a hook of either content type. AppError bad_request where the body is none of GitHub's. */
function actionOf(text: string, contentType: string): string | null {
  const isForm = contentType.startsWith('application/x-www-form-urlencoded');
  const json = isForm ? new URLSearchParams(text).get('payload') : text;
  try {
    return payloadShape.parse(JSON.parse(json ?? '')).action ?? null;
  } catch (cause) {
    throw refused('The body is no event of GitHub.', cause);
  }
}

async function verifiedDelivery(request: EdgeRequest): Promise<{ repository: Repository; delivery: Delivery }> {
  if (request.method !== 'POST') throw new AppError('method_not_allowed', 'This path answers POST.');
  const headers = headersShape.safeParse({
    delivery: request.headers.get('x-github-delivery'),
    event: request.headers.get('x-github-event'),
    signature: request.headers.get('x-hub-signature-256'),
  });
  if (!headers.success) throw notSigned();
  const repository = await namedRepository(request);
  const text = exactText(await request.readBody({ maxBytes }));
  const secret = await openWebhookSecret(repository);
  if (text === '' || !(await verify(secret.reveal(), text, headers.data.signature))) throw notSigned();
  const action = actionOf(text, request.headers.get('content-type') ?? '');
  return { repository, delivery: { deliveryId: headers.data.delivery, event: headers.data.event, action } };
}

/**
 * Takes one delivery: 202 once it is stored, also when it was before; 400 for what is not signed by the repository's
 * secret over these very bytes, 405 for another method, 413 beyond 5 MiB, 429 beyond 300 a minute, 503 while Postgres or
 * KMS is away. Source: docs/architecture.md, Pull requests.
 */
export async function answerGithubWebhook(request: EdgeRequest): Promise<EdgeAnswer> {
  const started = performance.now();
  const { requestId } = requestInfo(request.headers, request.address);
  let answered: EdgeAnswer;
  try {
    const { repository, delivery } = await verifiedDelivery(request);
    const isNew = await takeDelivery(repository, delivery, new Date());
    answered = jsonAnswer(202, { received: true, repeated: !isNew }, { 'x-request-id': requestId });
  } catch (error) {
    const failure = toAppError(error);
    if (failure.status >= 500) log().error({ err: error, request_id: requestId }, 'a webhook could not be stored');
    answered = problemAnswer(failure, requestId, failure.status === 405 ? { allow: 'POST' } : {});
  }
  const labels = { route: 'github_webhook', status: String(answered.status) };
  metrics().httpSeconds.observe(labels, (performance.now() - started) / 1_000);
  return answered;
}

/** The same for a server that speaks Request and Response. */
export const takeGithubWebhook = async (request: Request): Promise<Response> =>
  toWebResponse(await answerGithubWebhook(fromWebRequest(request)));
