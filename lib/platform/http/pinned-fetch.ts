/**
 * The one client for requests that are made for a customer. It resolves once, refuses every address that leads inside,
 * connects to the very address it judged, follows no redirect, and ends in time. Source: docs/architecture.md, Credentials.
 */
import { lookup } from 'node:dns/promises';
import { type IncomingMessage, type RequestOptions, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP, type LookupFunction, type Socket } from 'node:net';
import { env } from '@/lib/platform/env';
import { isPublicAddress } from '@/lib/platform/http/address-ranges';
import { isErrorNamed, processWide } from '@/lib/platform/process-wide';

export const refusals = ['blocked_address', 'redirect', 'too_large', 'timeout', 'dns', 'connect', 'tls'] as const;
export type Refusal = (typeof refusals)[number];

/** Why there is no answer: the address was refused, or the other side could not be asked. Holds no part of the request. */
export class ConnectionRefused extends Error {
  constructor(
    readonly reason: Refusal,
    message: string,
    cause?: unknown,
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'ConnectionRefused';
  }

  static [Symbol.hasInstance](value: unknown): boolean {
    return isErrorNamed(value, 'ConnectionRefused');
  }
}

export type PinnedInit = {
  method?: string;
  headers?: HeadersInit;
  body?: string | Uint8Array | URLSearchParams | null;
  signal?: AbortSignal | null;
};
export type PinnedFetch = (url: string | URL, init?: PinnedInit) => Promise<Response>;
type Address = { address: string; family: number };

export type PinnedOptions = {
  /** Origins taken though they are private or plain http: what the operator has set as a provider's address. */
  openOrigins: ReadonlySet<string>;
  resolve: (host: string) => Promise<Address[]>;
  /** The port of all other requests. */
  port: number;
  /** For resolving, connecting, and all of the answer together. */
  timeoutMs: number;
};

const longestBodyBytes = 1_000_000;
export const pinnedTimeoutMs = 10_000;
const tlsCode = /^(CERT_|ERR_TLS|ERR_SSL|DEPTH_ZERO|UNABLE_TO_|SELF_SIGNED|EPROTO|HOSTNAME_)/;

const blocked = (message: string) => new ConnectionRefused('blocked_address', message);

/** Refuses what is no plain https request to a host of the internet, by what WHATWG URL makes of the text. */
function requireOpenUrl(url: URL, port: number): void {
  if (url.protocol !== 'https:') throw blocked('Only https is taken.');
  if (Number(url.port || 443) !== port) throw blocked(`Only port ${port} is taken.`);
}

/** The host as the resolver knows it: an IPv6 literal without its brackets. */
const hostOf = (url: URL): string => url.hostname.replace(/^\[(.*)\]$/, '$1');

/** All addresses of the host; one that leads inside refuses them all, or a resolver could choose for us. */
async function judgedAddress(host: string, isOpen: boolean, { resolve }: PinnedOptions): Promise<Address> {
  const family = isIP(host);
  const found = family ? [{ address: host, family }] : await resolve(host);
  const [first] = found;
  if (!first) throw new ConnectionRefused('dns', 'The host has no address.');
  if (!isOpen && !found.every(({ address }) => isPublicAddress(address)))
    throw blocked('The host leads to a private or reserved address.');
  return first;
}

async function resolvedIn(signal: AbortSignal, work: Promise<Address>): Promise<Address> {
  const late = new Promise<never>((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  try {
    return await Promise.race([work, late]);
  } catch (error) {
    if (error instanceof ConnectionRefused || signal.aborted) throw error;
    throw new ConnectionRefused('dns', 'The host’s name could not be resolved.', error);
  }
}

async function bodyOf(incoming: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of incoming as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > longestBodyBytes) throw new ConnectionRefused('too_large', 'The answer is larger than 1 MB.');
    parts.push(part);
  }
  return Buffer.concat(parts);
}

async function answerOf(incoming: IncomingMessage): Promise<Response> {
  const status = incoming.statusCode ?? 0;
  if (status >= 300 && status < 400) throw new ConnectionRefused('redirect', 'The host answered with a redirect.');
  if (Number(incoming.headers['content-length']) > longestBodyBytes)
    throw new ConnectionRefused('too_large', 'The answer is larger than 1 MB.');
  const body = await bodyOf(incoming);
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers))
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  const isEmpty = status === 204 || status === 205;
  return new Response(isEmpty ? null : new Uint8Array(body), { status, headers });
}

/** The same address once more, as the connected socket names it. */
function requirePinned(socket: Socket, { address }: Address, isOpen: boolean): void {
  const check = () => {
    const { remoteAddress } = socket;
    if (remoteAddress === address && (isOpen || isPublicAddress(address))) return;
    socket.destroy(blocked('The connection went to another address.'));
  };
  if (socket.connecting) socket.once('connect', check);
  else check();
}

function send(url: URL, init: PinnedInit, to: Address, isOpen: boolean, signal: AbortSignal): Promise<Response> {
  // Node asks this for the host of the request; name, Host header and certificate stay those of the URL.
  const pinned: LookupFunction = (_host, _options, done) => void setImmediate(done, null, to.address, to.family);
  const body = init.body instanceof URLSearchParams ? init.body.toString() : (init.body ?? null);
  const headers = Object.fromEntries(new Headers(init.headers));
  if (init.body instanceof URLSearchParams) headers['content-type'] ??= 'application/x-www-form-urlencoded';
  if (body !== null) headers['content-length'] = String(Buffer.byteLength(body));
  const options: RequestOptions = {
    method: init.method ?? 'GET',
    headers: { ...headers, 'accept-encoding': 'identity' },
    lookup: pinned,
    autoSelectFamily: false,
    agent: false,
    signal,
  } as RequestOptions;
  return new Promise((resolve, reject) => {
    const sent = (url.protocol === 'https:' ? requestHttps : requestHttp)(url, options, incoming => {
      answerOf(incoming)
        .then(resolve, reject)
        .finally(() => sent.destroy());
    });
    sent.on('socket', socket => requirePinned(socket, to, isOpen));
    sent.on('error', reject);
    sent.end(body);
  });
}

function refusalOf(error: unknown, signal: AbortSignal): ConnectionRefused {
  if (error instanceof ConnectionRefused) return error;
  if (signal.aborted) return new ConnectionRefused('timeout', 'The host did not answer in time.');
  const code = String((error as { code?: unknown }).code ?? '');
  if (tlsCode.test(code)) return new ConnectionRefused('tls', 'The host’s certificate was refused.', error);
  return new ConnectionRefused('connect', 'The connection failed.', error);
}

/** A client of its own options; the product's is pinnedFetch. */
export function createPinnedFetch(options: PinnedOptions): PinnedFetch {
  return async (address, init = {}) => {
    const url = new URL(address);
    // Node would send it as a password, and people read it as the host.
    if (url.username || url.password) throw blocked('An address with a user name is not taken.');
    const isOpen = options.openOrigins.has(url.origin);
    if (!isOpen) requireOpenUrl(url, options.port);
    const timeout = AbortSignal.timeout(options.timeoutMs);
    const signal = init.signal ? AbortSignal.any([timeout, init.signal]) : timeout;
    try {
      const to = await resolvedIn(signal, judgedAddress(hostOf(url), isOpen, options));
      return await send(url, init, to, isOpen, signal);
    } catch (error) {
      throw refusalOf(error, signal);
    }
  };
}

const githubApi = 'https://api.github.com';

/** Origins of the settings that move a provider to another address, as local work does. */
function openOrigins(): ReadonlySet<string> {
  const settings = env();
  const urls = [
    settings.GCP_BASE_URL,
    settings.AWS_STS_URL,
    settings.AZURE_LOGIN_URL,
    settings.AZURE_MANAGEMENT_URL,
    settings.OPENAI_BASE_URL,
    settings.ANTHROPIC_BASE_URL,
    settings.SLACK_WEBHOOK_BASE_URL,
    settings.GITHUB_API_URL === githubApi ? undefined : settings.GITHUB_API_URL,
  ];
  return new Set(urls.flatMap(url => (url ? [new URL(url).origin] : [])));
}

const client = (): PinnedFetch =>
  processWide('pinned-fetch', () =>
    createPinnedFetch({
      openOrigins: openOrigins(),
      resolve: host => lookup(host, { all: true }),
      port: 443,
      timeoutMs: pinnedTimeoutMs,
    }),
  );

/**
 * Sends one request and answers the whole response, of any status but a redirect. Throws ConnectionRefused.
 * Source: docs/architecture.md, Credentials.
 */
export const pinnedFetch: PinnedFetch = (url, init) => client()(url, init);
