/** POST: an event of Stripe, verified and stored; no session, Stripe's signature says who calls. */
import { takeStripeWebhook } from '@/lib/edge/http/webhook';

export const dynamic = 'force-dynamic';

export const POST = (request: Request): Promise<Response> => takeStripeWebhook(request);
