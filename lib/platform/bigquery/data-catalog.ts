/** Calls to Google Cloud's policy tag API (Data Catalog v1), which the BigQuery client does not cover. */
import { GoogleAuth } from 'google-auth-library';

type Request = <Answer>(method: 'GET' | 'POST', path: string, json?: unknown) => Promise<Answer>;

/**
 * A function that sends one request below `<baseUrl>/v1/` with the machine's Google credentials and returns the answer.
 * It throws an Error with the service's own words; time-out 30 s.
 */
export function catalogRequest(baseUrl = 'https://datacatalog.googleapis.com', auth = cloudAuth()): Request {
  return async <Answer>(method: 'GET' | 'POST', path: string, json?: unknown): Promise<Answer> => {
    const headers = {
      ...Object.fromEntries(await auth.getRequestHeaders(baseUrl)),
      'content-type': 'application/json',
    };
    const response = await fetch(`${baseUrl}/v1/${path}`, {
      method,
      headers,
      signal: AbortSignal.timeout(30_000),
      ...(json === undefined ? {} : { body: JSON.stringify(json) }),
    });
    const body = (await response.json().catch(() => ({}))) as { error?: { message?: string } };
    if (!response.ok) throw new Error(body.error?.message ?? `${method} ${path} was answered ${response.status}`);
    return body as Answer;
  };
}

/** What catalogRequest needs of a credential. */
export type HeaderSource = { getRequestHeaders: (url?: string) => Promise<Headers> };

const cloudAuth = (): HeaderSource => new GoogleAuth({ scopes: ['https://www.googleapis.com/auth/cloud-platform'] });
