/** What the local mail service holds, and mail services that fail, for tests of messages. */
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { env } from '@/lib/platform/env';
import type { MailService } from '@/lib/platform/mail';

export type ReceivedMail = { id: string; from: string; to: string[]; subject: string; html: string; text: string };

/** Mails to an address in the local inbox, in the order they came. */
export async function mailsTo(address: string): Promise<ReceivedMail[]> {
  const response = await fetch(`${env().RESEND_API_URL}/emails`, {
    headers: { authorization: `Bearer ${env().RESEND_API_KEY}` },
  });
  if (!response.ok) throw new Error(`the local inbox answered ${response.status}`);
  const { data } = (await response.json()) as { data: ReceivedMail[] };
  return data.filter(mail => mail.to.includes(address));
}

export type MailAnswerPlan = { status: number; body?: unknown; headers?: Record<string, string> } | 'silence';

/** A mail service on loopback that answers each request as planned; the last plan stays. */
export async function badMailService(...plans: MailAnswerPlan[]) {
  const requests: { headers: IncomingHttpHeaders; body: string }[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on('end', () => {
      const plan = plans[Math.min(requests.length, plans.length - 1)] ?? 'silence';
      requests.push({ headers: request.headers, body });
      if (plan === 'silence') return;
      response.writeHead(plan.status, { 'content-type': 'application/json', ...plan.headers });
      response.end(plan.body === undefined ? '' : JSON.stringify(plan.body));
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const service: MailService = {
    apiKey: 're_test',
    apiUrl: `http://127.0.0.1:${port}`,
    from: env().MAIL_FROM,
    timeoutMs: 500,
  };
  const close = () => {
    server.closeAllConnections();
    return new Promise<void>(resolve => server.close(() => resolve()));
  };
  return { service, requests, close };
}

/** Resend's error body. */
export const resendError = (statusCode: number, name: string) => ({
  status: statusCode,
  body: { statusCode, name, message: `${name} for a test` },
});
