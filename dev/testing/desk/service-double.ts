/** A stand-in for what the query desk asks of Google Cloud: tokens of service accounts, and jobs of BigQuery. Tests only. */
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Answer = { status?: number; json: unknown };
export type SentRequest = { method: string; path: string; authorization: string | undefined; json: unknown };

export type ServiceDouble = {
  url: string;
  /** Everything that was sent, in order. */
  requests: SentRequest[];
  /** Answers a request for a token of the account; a token that names it unless a test says otherwise. */
  token: (account: string) => Answer;
  /** Answers any other request. */
  answer: (request: SentRequest) => Answer;
  close: () => void;
};

/** A problem as Google's services word it. */
export const problem = (status: number, reason: string, message = `refused for ${reason}`): Answer => ({
  status,
  json: { error: { code: status, message, status: reason, errors: [{ reason, message }] } },
});

const tokenPath = /^\/v1\/projects\/-\/serviceAccounts\/([^:]+):generateAccessToken$/;
const hourMs = 3_600_000;

/** A token that says whose it is, good for an hour. */
export const tokenOf = (account: string): Answer => ({
  json: { accessToken: `token of ${account}`, expireTime: new Date(Date.now() + hourMs).toISOString() },
});

async function readJson(incoming: IncomingMessage): Promise<unknown> {
  const text = Buffer.concat(await incoming.toArray()).toString();
  return text === '' ? null : JSON.parse(text);
}

/** Starts it on a free port of 127.0.0.1. */
export async function startServiceDouble(): Promise<ServiceDouble> {
  const double: ServiceDouble = {
    url: '',
    requests: [],
    token: tokenOf,
    answer: () => problem(404, 'notFound'),
    close: () => server.close().closeAllConnections(),
  };
  const server = createServer(async (incoming, outgoing) => {
    const path = new URL(incoming.url ?? '/', 'http://localhost').pathname;
    const { authorization } = incoming.headers;
    const request = { method: incoming.method ?? '', path, authorization, json: await readJson(incoming) };
    double.requests.push(request);
    const [, account] = tokenPath.exec(path) ?? [];
    const { status = 200, json } = account ? double.token(decodeURIComponent(account)) : double.answer(request);
    outgoing.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(json));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  double.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return double;
}
