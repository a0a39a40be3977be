/** A body sent to the portal is read only for who may send one, up to 1 MiB (the data plane's and webhooks' more) and for 30 seconds; everybody else is answered before it. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { customerKey } from '@/dev/testing/data-plane';
import { sealedToken, sessionToken } from '@/dev/testing/session-cookie';
import { createWorld } from '@/dev/testing/world';
import { guarded, guardServer } from '@/lib/edge/portal/guard';
import { sessionCookieName } from '@/lib/edge/portal/sign-in/cookies';

let server: Server;
let port = 0;
let cookie = '';
let key = '';
/** Targets of the requests that reached what stands for Next. */
const reached: string[] = [];

beforeAll(async () => {
  const world = await createWorld();
  cookie = `${sessionCookieName()}=${await sealedToken(sessionToken(world.members.VIEWER, { customerId: world.customerId }))}`;
  key = (await customerKey(world)).text;
  server = createServer((incoming, outgoing) => {
    reached.push(incoming.url ?? '');
    incoming.resume().once('end', () => outgoing.end('read'));
  });
  guardServer(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  port = (server.address() as AddressInfo).port;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise(resolve => server.close(resolve));
});

/** Sends a head, and of its body only what is given; answers all that comes back until the first answer is whole. */
async function send(head: string[], body = ''): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write(`${head.join('\r\n')}\r\nHost: portal\r\n\r\n${body}`);
  let answer = '';
  for await (const part of socket) {
    answer += part;
    if (/\r\n\r\n/.test(answer)) break;
  }
  socket.destroy();
  return answer;
}
const status = (answer: string): number => Number(answer.split(' ')[1]);

const unread = 'Content-Length: 1000000';
const refused: [what: string, head: () => string[], expected: RegExp][] = [
  ['a stranger’s JSON', () => ['POST /api/keys HTTP/1.1', unread], /^HTTP\/1\.1 401 [\s\S]*unauthenticated/],
  ['a chunked one', () => ['PATCH /api/keys/x HTTP/1.1', 'Transfer-Encoding: chunked'], /^HTTP\/1\.1 401 /],
  [
    'an unknown key’s JSON',
    () => ['POST /api/keys HTTP/1.1', unread, 'Authorization: Bearer ty_live_x'],
    /^HTTP\/1\.1 401 [\s\S]*invalid_key/,
  ],
  [
    'a forged cookie’s JSON',
    () => ['POST /api/keys HTTP/1.1', unread, `Cookie: ${sessionCookieName()}=x`],
    /^HTTP\/1\.1 401 /,
  ],
  [
    'a stranger’s form',
    () => ['POST /keys?x=1 HTTP/1.1', unread],
    /^HTTP\/1\.1 303 [\s\S]*location: \/signin\?next=%2Fkeys%3Fx%3D1&ended=1/i,
  ],
  [
    'a stranger’s server action',
    () => ['POST /keys HTTP/1.1', unread, 'Next-Action: abc'],
    /^HTTP\/1\.1 303 [\s\S]*x-action-redirect: \/signin\?next=%2Fkeys&ended=1;push/i,
  ],
  [
    'a member’s body over 1 MiB',
    () => ['POST /api/keys HTTP/1.1', 'Content-Length: 1048577', `Cookie: ${cookie}`],
    /^HTTP\/1\.1 413 /,
  ],
  ['lineage over 5 MB', () => ['POST /api/v1/lineage/batch HTTP/1.1', 'Content-Length: 5000001'], /^HTTP\/1\.1 413 /],
  ['sign-in with 16 KiB', () => ['POST /api/auth/signin/google HTTP/1.1', 'Content-Length: 16385'], /^HTTP\/1\.1 413 /],
  ['TRACE', () => ['TRACE / HTTP/1.1'], /^HTTP\/1\.1 405 /],
  ['OPTIONS *', () => ['OPTIONS * HTTP/1.1'], /^HTTP\/1\.1 400 /],
  ['a path that cannot be decoded', () => ['GET /keys/%E0%A4%A HTTP/1.1'], /^HTTP\/1\.1 400 /],
];
test.each(refused)('%s is refused before any of its body has come', async (_what, head, expected) => {
  const before = reached.length;
  expect(await send(head())).toMatch(expected);
  expect(reached.length).toBe(before);
});

test('a member’s form and JSON, a key’s JSON, sign-in, webhooks and the data plane go on', async () => {
  const length = 'Content-Length: 4';
  const sent = [
    ['POST /keys HTTP/1.1', length, `Cookie: ${cookie}`],
    ['POST /api/keys HTTP/1.1', length, `Cookie: ${cookie}`],
    ['POST /api/keys HTTP/1.1', length, `Authorization: Bearer ${key}`],
    ['POST /api/auth/signin/google HTTP/1.1', length],
    ['POST /api/webhooks/stripe HTTP/1.1', length],
    ['POST /v1/runs HTTP/1.1', length],
    ['POST /api/v1/lineage?customer_id=c HTTP/1.1', length],
    ['POST /api/session/sign-out HTTP/1.1', `Cookie: ${cookie}`],
    ['GET /keys HTTP/1.1'],
  ];
  // Whose key it is, and how much it may send, the handler asks, as on the other plane.
  for (const path of ['/api/v1/lineage/batch', '/v1/traces', '/api/webhooks/github/r']) {
    const head = [`POST ${path} HTTP/1.1`, 'Content-Length: 2000000'];
    expect(status(await send(head, 'x'.repeat(2_000_000))), path).toBe(200);
  }
  for (const head of sent) {
    const body = head.includes(length) ? 'a=12' : '';
    expect(status(await send(head, body)), head[0]).toBe(200);
  }
});

test('what takes longer than 30 seconds to arrive is cut off by the server', () => {
  expect([server.headersTimeout, server.requestTimeout]).toEqual([10_000, 30_000]);
});

test('a body that drips in is cut off once its time is over, however often a byte comes', async () => {
  const limitMs = 400;
  const dripped = createServer(
    guarded((incoming, outgoing) => void incoming.resume().once('end', () => outgoing.end()), limitMs),
  );
  dripped.listen(0, '127.0.0.1');
  await once(dripped, 'listening');
  const socket = connect((dripped.address() as AddressInfo).port, '127.0.0.1');
  socket.on('error', () => undefined);
  const begunAt = performance.now();
  socket.write('POST /api/webhooks/stripe HTTP/1.1\r\nHost: portal\r\nContent-Length: 1000\r\n\r\n');
  const drip = setInterval(() => socket.write('a'), 50);
  await once(socket, 'close');
  clearInterval(drip);
  const tookMs = performance.now() - begunAt;
  expect(tookMs).toBeGreaterThanOrEqual(limitMs - 10);
  expect(socket.bytesWritten).toBeLessThan(1000);
  await new Promise(resolve => dripped.close(resolve));
});
