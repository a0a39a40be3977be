/** The pinned client against real listeners: nothing that leads inside is ever dialled. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { type ConnectionRefused, createPinnedFetch, type PinnedOptions } from '@/lib/platform/http/pinned-fetch';

let listener: Server;
let port = 0;
let connections = 0;
let answer: RequestListener;
/** Sockets that this process made to dial, whether or not they came to a connection. */
let dialled: Socket[] = [];
const noteSocket = (message: unknown) => void dialled.push((message as { socket: Socket }).socket);

beforeAll(async () => {
  listener = createServer((incoming, outgoing) => answer(incoming, outgoing));
  listener.on('connection', () => connections++);
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  port = (listener.address() as AddressInfo).port;
});
afterAll(() => listener.close());
beforeEach(() => {
  connections = 0;
  dialled = [];
  answer = (_, outgoing) => outgoing.end('here');
  subscribe('net.client.socket', noteSocket);
});
afterEach(() => void unsubscribe('net.client.socket', noteSocket));

const closedTo = (options: Partial<PinnedOptions> = {}) =>
  createPinnedFetch({
    openOrigins: new Set(),
    resolve: async () => [{ address: '127.0.0.1', family: 4 }],
    port,
    timeoutMs: 2_000,
    ...options,
  });
const openTo = (origin: string, options: Partial<PinnedOptions> = {}) =>
  closedTo({ openOrigins: new Set([origin]), ...options });
const base = () => `http://127.0.0.1:${port}`;
const reasonOf = (work: Promise<unknown>) =>
  work.then(
    () => 'answered',
    (error: ConnectionRefused) => error.reason,
  );

const literals = [
  '127.0.0.1',
  '2130706433',
  '0177.0.0.1',
  '017700000001',
  '0x7f000001',
  '0x7f.1',
  '127.1',
  '127.0.0.1.',
  '127.000.000.001',
  '１２７.0.0.1',
  '[::1]',
  '[::]',
  '0',
  '0.0.0.0',
  '[::ffff:7f00:1]',
  '[::ffff:127.0.0.1]',
  '[::127.0.0.1]',
  '[64:ff9b::7f00:1]',
  '[2002:7f00:1::]',
  '[2001:0:7f00:1::]',
  '10.0.0.1',
  '172.16.0.1',
  '192.168.1.1',
  '169.254.169.254',
  '2852039166',
  '[fd00:ec2::254]',
  '[fe80::1]',
  '100.64.0.1',
  '224.0.0.1',
  '240.0.0.1',
  '255.255.255.255',
];
test.each(literals)('https://%s is never dialled', async host => {
  expect(await reasonOf(closedTo()(`https://${host}:${port}/`))).toBe('blocked_address');
  expect([dialled.length, connections]).toEqual([0, 0]);
});

test.each(['127.0.0.1', '10.1.2.3', '169.254.169.254', '::1', 'fe80::1', '::ffff:127.0.0.1', 'fd00:ec2::254'])(
  'a name that leads to %s is never dialled, nor where a public address stands beside it',
  async address => {
    const family = address.includes(':') ? 6 : 4;
    for (const found of [[], [{ address: '8.8.8.8', family: 4 }]]) {
      const resolve = async () => [...found, { address, family }];
      expect(await reasonOf(closedTo({ resolve })(`https://provider.example:${port}/`))).toBe('blocked_address');
    }
    expect([dialled.length, connections]).toEqual([0, 0]);
  },
);

test.each([
  ['plain http', () => `http://provider.example:${port}/`],
  ['another port', () => 'https://provider.example:8443/'],
  ['a user name in front of the host', () => `https://provider.example@127.0.0.1:${port}/`],
  ['another scheme', () => 'file:///etc/passwd'],
])('%s is refused before the name is resolved', async (_, url) => {
  let resolved = 0;
  const resolve = async () => {
    resolved++;
    return [{ address: '8.8.8.8', family: 4 }];
  };
  expect(await reasonOf(closedTo({ resolve })(url()))).toBe('blocked_address');
  expect([resolved, dialled.length, connections]).toEqual([0, 0, 0]);
});

test('the listener is reached where the operator has set exactly its origin: what refuses the others is the address', async () => {
  const fetched = await openTo(base())(`${base()}/models?x=1`, { method: 'POST', body: 'asked' });
  expect([fetched.status, await fetched.text(), connections]).toEqual([200, 'here', 1]);
  expect(await reasonOf(openTo(base())(`http://localhost:${port}/`))).toBe('blocked_address');
  expect(connections).toBe(1);
});

test('a redirect from an open origin is not followed', async () => {
  answer = (_, outgoing) => outgoing.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data' }).end();
  expect(await reasonOf(openTo(base())(base()))).toBe('redirect');
  expect([dialled.length, connections]).toEqual([1, 1]);
});

test('a resolver that answers otherwise the second time is asked once, and its first answer is the one dialled', async () => {
  let asked = 0;
  const resolve = async () => [{ address: asked++ === 0 ? '8.8.8.8' : '127.0.0.1', family: 4 }];
  const dialledAddresses: string[] = [];
  // Stopped once the address is known, so that the test sends nothing into the internet.
  const stop = (message: unknown) => {
    const { socket } = message as { socket: Socket };
    socket.on('lookup', (_, address) => {
      dialledAddresses.push(address);
      socket.destroy(new Error('stopped'));
    });
  };
  subscribe('net.client.socket', stop);
  try {
    expect(await reasonOf(closedTo({ resolve })(`https://provider.example:${port}/`))).toBe('connect');
  } finally {
    unsubscribe('net.client.socket', stop);
  }
  expect([asked, dialledAddresses, connections]).toEqual([1, ['8.8.8.8'], 0]);
});

test('name, Host header and certificate are those of the URL, not of the address', async () => {
  let host = '';
  answer = (incoming, outgoing) => {
    host = incoming.headers.host ?? '';
    outgoing.end();
  };
  const origin = `http://provider.example:${port}`;
  expect((await openTo(origin)(origin)).status).toBe(200);
  expect(host).toBe(`provider.example:${port}`);
  let hello = '';
  const tcp = createTcpServer(socket => {
    socket.on('error', () => undefined);
    socket.on('data', bytes => {
      hello += bytes.toString('latin1');
      socket.end('no TLS is spoken here\r\n');
    });
  }).listen(0, '127.0.0.1');
  await once(tcp, 'listening');
  const secure = `https://provider.example:${(tcp.address() as AddressInfo).port}`;
  expect(await reasonOf(openTo(secure)(secure))).toBe('tls');
  expect(hello).toContain('provider.example');
  tcp.close();
});

test.each([
  ['says its length', { 'content-length': '1000001' }],
  ['does not', {}],
])('a body over 1 MB is given up, where the answer %s', async (_, headers) => {
  answer = (_incoming, outgoing) => {
    outgoing.on('error', () => undefined);
    outgoing.writeHead(200, headers).end(Buffer.alloc(1_000_001));
  };
  expect(await reasonOf(openTo(base())(base()))).toBe('too_large');
  answer = (_incoming, outgoing) => outgoing.end(Buffer.alloc(1_000_000));
  expect((await (await openTo(base())(base())).arrayBuffer()).byteLength).toBe(1_000_000);
});

test('the time is for resolving, connecting and the whole body together', async () => {
  const drip: RequestListener = (_, outgoing) => {
    const timer = setInterval(() => outgoing.write('.'), 20);
    outgoing.on('close', () => clearInterval(timer));
  };
  answer = drip;
  const started = performance.now();
  expect(await reasonOf(openTo(base(), { timeoutMs: 150 })(base()))).toBe('timeout');
  const resolve = () => new Promise<never>(() => undefined);
  expect(await reasonOf(closedTo({ resolve, timeoutMs: 150 })(`https://provider.example:${port}/`))).toBe('timeout');
  expect(performance.now() - started).toBeLessThan(1_500);
});

test('a name without address, and a port that nobody listens on, are told apart', async () => {
  const unknown = async () => {
    throw Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' });
  };
  expect(await reasonOf(closedTo({ resolve: unknown })(`https://provider.example:${port}/`))).toBe('dns');
  expect(await reasonOf(closedTo({ resolve: async () => [] })(`https://provider.example:${port}/`))).toBe('dns');
  const closedPort = createTcpServer().listen(0, '127.0.0.1');
  await once(closedPort, 'listening');
  const origin = `http://127.0.0.1:${(closedPort.address() as AddressInfo).port}`;
  await new Promise(resolve => closedPort.close(resolve));
  expect(await reasonOf(openTo(origin)(origin))).toBe('connect');
});
