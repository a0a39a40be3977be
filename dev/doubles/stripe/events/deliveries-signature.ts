/** The header Stripe signs a webhook's body with. */
import { createHmac } from 'node:crypto';

/** `t=<seconds>,v1=<HMAC-SHA256 of "t.body" by the endpoint's secret, in hex>`. */
export function signatureHeader(body: string, secret: string, seconds: number): string {
  return `t=${seconds},v1=${createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')}`;
}
