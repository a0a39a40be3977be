/** How a connection test asks its provider: at the provider's own hosts, by the pinned client, all within one time limit. */
import { type Findings, StepFailed } from '@/lib/domains/credentials/check/findings';
import { env } from '@/lib/platform/env';
import {
  ConnectionRefused,
  type PinnedFetch,
  type PinnedInit,
  pinnedFetch,
  pinnedTimeoutMs,
  type Refusal,
} from '@/lib/platform/http/pinned-fetch';

/** All that a test may take, in milliseconds, however many requests it sends. */
export const checkTimeoutMs = pinnedTimeoutMs;

export type CheckCall = {
  /** The provider as people know it. */
  title: string;
  findings: Findings;
  /** Answers below 500. Throws StepFailed `untested` where the provider could not be asked. */
  fetch: PinnedFetch;
  signal: AbortSignal;
};

/** Where a provider's documented hosts are, unless the operator has set another place. */
const hosts = (): Record<string, string | undefined> => ({
  'https://oauth2.googleapis.com': env().GCP_BASE_URL,
  'https://cloudresourcemanager.googleapis.com': env().GCP_BASE_URL,
  'https://login.microsoftonline.com': env().AZURE_LOGIN_URL,
  'https://management.azure.com': env().AZURE_MANAGEMENT_URL,
  'https://api.openai.com': env().OPENAI_BASE_URL,
  'https://api.anthropic.com': env().ANTHROPIC_BASE_URL,
  'https://api.github.com': env().GITHUB_API_URL,
});

function placeOf(address: string | URL): URL {
  const url = new URL(address);
  const base = hosts()[url.origin];
  return base ? new URL(`${base.replace(/\/$/, '')}${url.pathname}${url.search}`) : url;
}

const because: Record<Refusal, string> = {
  blocked_address: 'Its name leads to a private address',
  redirect: 'It answered with a redirect',
  too_large: 'Its answer was too large',
  timeout: 'It did not answer in time',
  dns: 'Its name could not be resolved',
  connect: 'The connection failed',
  tls: 'Its certificate was refused',
};
const tryAgain = 'Test again later. This says nothing about the credential.';

/** The failed step of a provider that could not be asked. */
export function notAsked(title: string, findings: Findings, reason: string): StepFailed {
  const message = `${title} could not be tested. ${reason}.`;
  return new StepFailed(findings.current, 'untested', { message, todo: tryAgain });
}

/** Why an answer of this status is none: the provider is broken or busy; null where it is one. */
function outageOf(status: number): string | null {
  if (status === 429) return 'It has too many requests at the moment';
  return status >= 500 || status === 408 ? `It answered with status ${status}` : null;
}

/** The client of one test. */
export function checkCall(title: string, findings: Findings, timeoutMs: number): CheckCall {
  const signal = AbortSignal.timeout(timeoutMs);
  const fetch = async (address: string | URL, init: PinnedInit = {}): Promise<Response> => {
    const { method, headers, body } = init;
    try {
      const answer = await pinnedFetch(placeOf(address), { method, headers, body, signal } as PinnedInit);
      const outage = outageOf(answer.status);
      if (outage) throw notAsked(title, findings, outage);
      findings.pass('reach', `${title} answers.`);
      return answer;
    } catch (error) {
      if (error instanceof ConnectionRefused) throw notAsked(title, findings, because[error.reason]);
      throw error;
    }
  };
  return { title, findings, fetch, signal };
}

/** The JSON object of an answer; an empty one where it is none. */
export async function jsonOf(answer: Response): Promise<Record<string, unknown>> {
  const value: unknown = await answer.json().catch(() => null);
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
