/** Calls to APIs of Google Cloud that no client of ours covers: policy tags, service accounts, policies of projects. */
import { GoogleAuth } from 'google-auth-library';

/** Sends one request below the API's address and returns the answer. Throws GoogleApiError with the service's own words. */
export type GoogleApi = <Answer>(method: 'GET' | 'POST', path: string, json?: unknown) => Promise<Answer>;

/** An API refused a request. */
export class GoogleApiError extends Error {
  constructor(
    message: string,
    /** Of HTTP. */
    readonly status: number,
  ) {
    super(message);
    this.name = 'GoogleApiError';
  }
}

/** Addresses of the APIs. */
export const googleApis = {
  catalog: 'https://datacatalog.googleapis.com',
  iam: 'https://iam.googleapis.com',
  projects: 'https://cloudresourcemanager.googleapis.com',
} as const;

/** An API below `<baseUrl>/v1/`, with the machine's Google credentials; time-out 30 s. */
export function googleApi(baseUrl: string, auth = cloudAuth()): GoogleApi {
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
    if (!response.ok) {
      const message = body.error?.message ?? `${method} ${path} was answered ${response.status}`;
      throw new GoogleApiError(message, response.status);
    }
    return body as Answer;
  };
}

/** What googleApi needs of a credential. */
export type HeaderSource = { getRequestHeaders: (url?: string) => Promise<Headers> };

const cloudAuth = (): HeaderSource => new GoogleAuth({ scopes: ['https://www.googleapis.com/auth/cloud-platform'] });
