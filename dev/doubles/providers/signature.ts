/** AWS Signature Version 4 as the service checks it. */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

export type SignedRequest = { method: string; url: URL; headers: Headers; body: string };

const authorizationPattern =
  /^AWS4-HMAC-SHA256 Credential=([A-Z0-9]+)\/(\d{8})\/([\w-]+)\/([\w-]+)\/aws4_request, ?SignedHeaders=([\w;-]+), ?Signature=([0-9a-f]{64})$/;

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();

/** The access key id that a request names; null where it has no signature. */
export const signerOf = ({ headers }: SignedRequest): string | null =>
  authorizationPattern.exec(headers.get('authorization') ?? '')?.[1] ?? null;

/** True where the request was signed with this secret. */
export function isSignedWith(secret: string, { method, url, headers, body }: SignedRequest): boolean {
  const parts = authorizationPattern.exec(headers.get('authorization') ?? '');
  if (!parts) return false;
  const [, , day = '', region = '', service = '', signed = '', signature = ''] = parts;
  const canonicalHeaders = signed.split(';').map(name => `${name}:${(headers.get(name) ?? '').trim()}\n`);
  const query = url.searchParams.toString();
  const request = [method, url.pathname, query, canonicalHeaders.join(''), signed, sha256(body)].join('\n');
  const scope = `${day}/${region}/${service}/aws4_request`;
  const text = ['AWS4-HMAC-SHA256', headers.get('x-amz-date') ?? '', scope, sha256(request)].join('\n');
  const key = [region, service, 'aws4_request'].reduce((made, part) => hmac(made, part), hmac(`AWS4${secret}`, day));
  return timingSafeEqual(hmac(key, text), Buffer.from(signature, 'hex'));
}
