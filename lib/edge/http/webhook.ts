/** Stripe's webhooks: verified over the bytes as they came, stored by event id, then answered. The worker does the rest. */
import Stripe from 'stripe';
import { storeEvent } from '@/lib/domains/subscriptions/sync/inbox';
import { isHandled, type StripeEventPayload, stripeEventSchema } from '@/lib/domains/subscriptions/sync/stripe-events';
import { jsonAnswer, problemAnswer } from '@/lib/edge/http/message';
import { requestInfo } from '@/lib/edge/http/request-info';
import { fromWebRequest, toWebResponse } from '@/lib/edge/http/web-request';
import { env } from '@/lib/platform/env';
import { AppError, toAppError } from '@/lib/platform/errors';
import { log } from '@/lib/platform/log';
import { metrics } from '@/lib/platform/metrics';
import { stripe } from '@/lib/platform/stripe';

/** Older signatures are refused, in seconds; Stripe signs each delivery anew. */
const toleranceSeconds = 300;

const refused = (message: string, cause?: unknown) => new AppError('bad_request', message, { cause });

/** The body as text only if it is UTF-8 byte for byte: what is decoded loosely is not what was signed. */
function exactText(body: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
  } catch (cause) {
    throw refused('The body is not UTF-8.', cause);
  }
}

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

const isLiveKey = (key: string): boolean => /^[a-z]+_live_/.test(key);

/** The verified event. Throws AppError bad_request for whatever Stripe would not have sent to us. */
async function verifiedEvent(request: Request): Promise<StripeEventPayload> {
  const text = exactText(await fromWebRequest(request).readBody());
  const signature = request.headers.get('stripe-signature');
  if (!signature) throw refused('The header Stripe-Signature is missing.');
  const event = stripeEventSchema.safeParse(await signedEvent(text, signature));
  if (!event.success) throw refused('The body is no event of Stripe.', event.error);
  if (event.data.livemode !== isLiveKey(env().STRIPE_SECRET_KEY))
    throw refused(`This is an event of Stripe’s ${event.data.livemode ? 'live' : 'test'} mode, and ours is the other.`);
  return event.data;
}

/**
 * Takes one delivery: 200 once the event is stored, also when it was before; 400 for what is not signed by our secrets over
 * these very bytes, 413 beyond 1 MiB, 503 while Postgres is away, so that Stripe sends it again. Source: docs/architecture.md, Billing.
 */
export async function takeStripeWebhook(request: Request): Promise<Response> {
  const started = performance.now();
  const { requestId } = requestInfo(request.headers);
  let outcome: string;
  let sent: Response;
  try {
    const event = await verifiedEvent(request);
    const stored = await storeEvent(event);
    outcome = !stored ? 'repeated' : isHandled(event.type) ? 'stored' : 'ignored';
    sent = toWebResponse(jsonAnswer(200, { received: true }, { 'x-request-id': requestId }));
  } catch (error) {
    const failure = toAppError(error);
    outcome = failure.status < 500 ? 'refused' : 'failed';
    if (failure.status >= 500) log().error({ err: error, request_id: requestId }, 'a webhook could not be stored');
    sent = toWebResponse(problemAnswer(failure, requestId));
  }
  metrics().stripeWebhooks.inc({ outcome });
  const labels = { route: 'stripe_webhook', status: String(sent.status) };
  metrics().httpSeconds.observe(labels, (performance.now() - started) / 1_000);
  return sent;
}
