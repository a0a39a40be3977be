/** Stripe's webhooks, on the portal and on the data plane: verified over the bytes as they came, stored by event id, then answered. */
import Stripe from 'stripe';
import { storeEvent } from '@/lib/domains/subscriptions/sync/inbox';
import { isHandled, type StripeEventPayload, stripeEventSchema } from '@/lib/domains/subscriptions/sync/stripe-events';
import { exactText } from '@/lib/edge/http/exact-text';
import { type EdgeAnswer, type EdgeRequest, jsonAnswer, problemAnswer } from '@/lib/edge/http/message';
import { requestInfo } from '@/lib/edge/http/request-info';
import { fromWebRequest, toWebResponse } from '@/lib/edge/http/web-request';
import { env } from '@/lib/platform/env';
import { AppError, toAppError } from '@/lib/platform/errors';
import { log } from '@/lib/platform/log';
import { metrics } from '@/lib/platform/metrics';
import { stripe } from '@/lib/platform/stripe';

/** The same on both planes, so that which one Stripe reaches is the load balancer's or the endpoint's host alone. */
export const webhookPath = '/api/webhooks/stripe';

/** Levels of objects and arrays in an event; Stripe's own stay far below, and Postgres gives up on some thousands. */
const maxDepth = 100;

/** Older signatures are refused, in seconds; Stripe signs each delivery anew. */
const toleranceSeconds = 300;

const refused = (message: string, cause?: unknown) => new AppError('bad_request', message, { cause });

/**
 * What one of our secrets has signed within the tolerance; two secrets hold while they are rotated. Throws AppError
 * bad_request where none has, or what was signed is no event.
 */
async function signedEvent(text: string, signature: string): Promise<unknown> {
  for (const secret of env().STRIPE_WEBHOOK_SECRETS) {
    try {
      return await stripe().webhooks.constructEventAsync(text, signature, secret, toleranceSeconds);
    } catch (error) {
      // The next secret may have signed it.
      if (!(error instanceof Stripe.errors.StripeSignatureVerificationError))
        throw refused('The body is no event of Stripe.', error);
    }
  }
  throw refused('The signature is not of this body, too old, or not ours.');
}

function isDeeper(value: unknown, limit: number): boolean {
  let level = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > limit) return true;
    level = level.flatMap(item => (item !== null && typeof item === 'object' ? Object.values(item) : []));
  }
  return false;
}

const isLiveKey = (key: string): boolean => /^[a-z]+_live_/.test(key);

/** The verified event. Throws AppError bad_request for whatever Stripe would not have sent to us. */
async function verifiedEvent(request: EdgeRequest): Promise<StripeEventPayload> {
  if (request.method !== 'POST') throw new AppError('method_not_allowed', 'This path answers POST.');
  const text = exactText(await request.readBody());
  const signature = request.headers.get('stripe-signature');
  if (!signature) throw refused('The header Stripe-Signature is missing.');
  const signed = await signedEvent(text, signature);
  if (isDeeper(signed, maxDepth)) throw refused(`The body is nested deeper than ${maxDepth} levels.`);
  const event = stripeEventSchema.safeParse(signed);
  if (!event.success) throw refused('The body is no event of Stripe.', event.error);
  if (event.data.livemode !== isLiveKey(env().STRIPE_SECRET_KEY))
    throw refused(`This is an event of Stripe’s ${event.data.livemode ? 'live' : 'test'} mode, and ours is the other.`);
  return event.data;
}

/**
 * Takes one delivery: 200 once the event is stored, also when it was before; 400 for what is not signed by our secrets over
 * these very bytes, 405 for another method, 413 beyond 1 MiB, 503 while Postgres is away, so that Stripe sends it again.
 * Source: docs/architecture.md, Billing.
 */
export async function answerStripeWebhook(request: EdgeRequest): Promise<EdgeAnswer> {
  const started = performance.now();
  const { requestId } = requestInfo(request.headers, request.address);
  let outcome: string;
  let answered: EdgeAnswer;
  try {
    const event = await verifiedEvent(request);
    const stored = await storeEvent(event);
    outcome = !stored ? 'repeated' : isHandled(event.type) ? 'stored' : 'ignored';
    answered = jsonAnswer(200, { received: true }, { 'x-request-id': requestId });
  } catch (error) {
    const failure = toAppError(error);
    outcome = failure.status < 500 ? 'refused' : 'failed';
    if (failure.status >= 500) log().error({ err: error, request_id: requestId }, 'a webhook could not be stored');
    answered = problemAnswer(failure, requestId, failure.status === 405 ? { allow: 'POST' } : {});
  }
  metrics().stripeWebhooks.inc({ outcome });
  const labels = { route: 'stripe_webhook', status: String(answered.status) };
  metrics().httpSeconds.observe(labels, (performance.now() - started) / 1_000);
  return answered;
}

/** The same for a server that speaks Request and Response. */
export const takeStripeWebhook = async (request: Request): Promise<Response> =>
  toWebResponse(await answerStripeWebhook(fromWebRequest(request)));
