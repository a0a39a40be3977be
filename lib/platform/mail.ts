/** Sends mail through Resend; a local base URL only changes where it calls. */
import { Resend } from 'resend';
import { env } from '@/lib/platform/env';
import { processWide } from '@/lib/platform/process-wide';

export type Mail = {
  to: string;
  subject: string;
  html: string;
  text: string;
  headers?: Record<string, string>;
  /**
   * The same key within 24 hours is the same mail: Resend answers it again and sends nothing. At most 256 signs.
   * See Resend's documentation, Idempotency Keys.
   */
  idempotencyKey: string;
};

export type MailAnswer =
  | { outcome: 'accepted'; id: string | null }
  /** Never again: the mail itself is wrong, such as an address that cannot be. */
  | { outcome: 'refused'; error: string }
  /** The service is away or asks to wait. */
  | { outcome: 'later'; error: string; retryAfterMs: number | null };

export type MailService = { apiKey: string; apiUrl: string | undefined; from: string; timeoutMs: number };

const timeoutMs = 10_000;

const standardService = (): MailService => ({
  apiKey: env().RESEND_API_KEY,
  apiUrl: env().RESEND_API_URL,
  from: env().MAIL_FROM,
  timeoutMs,
});

const clients = () => processWide('resend', () => new Map<string, Resend>());

function clientOf({ apiKey, apiUrl }: MailService): Resend {
  const name = `${apiUrl ?? ''} ${apiKey}`;
  const known = clients().get(name);
  if (known) return known;
  const created = new Resend(apiKey, apiUrl ? { baseUrl: apiUrl } : {});
  clients().set(name, created);
  return created;
}

/** Statuses that a repetition cannot mend; 401, 403 and a wrong sender are the operator's to mend, so they are tried again. */
const lasting = new Set([400, 405, 413, 422]);

type ServiceError = { name?: string; message?: string; statusCode?: number | null };

function answerTo(error: ServiceError, retryAfter: string | undefined): MailAnswer {
  const said = `${error.name ?? 'error'}: ${error.message ?? 'no message'}`.slice(0, 500);
  // An earlier attempt with this key was accepted; only our words about it have changed since.
  if (error.name === 'invalid_idempotent_request') return { outcome: 'accepted', id: null };
  if (error.name !== 'invalid_from_address' && lasting.has(error.statusCode ?? 0)) {
    return { outcome: 'refused', error: said };
  }
  const seconds = Number(retryAfter);
  const waits = error.name === 'rate_limit_exceeded' || error.name === 'concurrent_idempotent_requests';
  const retryAfterMs = waits ? (seconds > 0 ? seconds * 1_000 : 1_000) : null;
  return { outcome: 'later', error: said, retryAfterMs };
}

/** Hands one mail to the service and answers what became of it; never throws for the service's failures. 10 s at most. */
export async function sendMail(mail: Mail, service: MailService = standardService()): Promise<MailAnswer> {
  const { idempotencyKey, ...parts } = mail;
  const signal = AbortSignal.timeout(service.timeoutMs);
  const { data, error, headers } = await clientOf(service).emails.send(
    { from: service.from, ...parts },
    { idempotencyKey, signal },
  );
  if (data) return { outcome: 'accepted', id: data.id };
  if (signal.aborted) {
    return {
      outcome: 'later',
      error: `The mail service did not answer within ${service.timeoutMs} ms.`,
      retryAfterMs: null,
    };
  }
  return answerTo(error ?? {}, headers?.['retry-after']);
}
