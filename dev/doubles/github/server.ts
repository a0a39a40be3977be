/** The double of GitHub's REST API: emulate's GitHub behind a proxy that adds ETags, limits, unknown tokens, timelines and faults. */
import { createServer, type IncomingMessage } from 'node:http';
import { createEmulator } from 'emulate';
import { closeOnSignal } from '@/dev/doubles/double-server';
import { controlAnswer } from '@/dev/doubles/github/control';
import { GithubProxy, type Sent } from '@/dev/doubles/github/proxy';
import { readState, saveState } from '@/dev/doubles/github/state';

const port = Number(process.env.DOUBLE_PORT);
const file = process.env.DOUBLE_STATE_FILE;
if (!port || !file) throw new Error('DOUBLE_PORT and DOUBLE_STATE_FILE must be set.');

const base = `http://127.0.0.1:${port}`;
const emulate = await createEmulator({
  service: 'github',
  port: Number(process.env.EMULATE_PORT),
  hostname: '127.0.0.1',
  // Its links lead through the proxy.
  baseUrl: base,
  seed: { github: { users: [{ login: 'octocat', email: 'octocat@example.com' }] } },
});
const proxy = new GithubProxy(readState(file), base, `http://127.0.0.1:${process.env.EMULATE_PORT}`);

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

async function answerOf(request: IncomingMessage): Promise<Sent> {
  const url = new URL(request.url ?? '/', base);
  const body = await bodyOf(request);
  const method = request.method ?? 'GET';
  const json = { 'content-type': 'application/json' };
  if (url.pathname === '/health') return { status: 200, headers: json, body: '{"ok":true}' };
  if (!url.pathname.startsWith('/control/')) return proxy.answer({ method, url, headers: request.headers, body });
  const answer = await controlAnswer(proxy.state, method, url, String(body));
  if (method === 'POST' && answer.status === 200) changed = true;
  return { status: answer.status, headers: json, body: JSON.stringify(answer.body) };
}

let changed = false;
const save = () => {
  if (changed) saveState(file, proxy.state);
  changed = false;
};
setInterval(save, 1_000).unref();

const server = createServer((request, response) => {
  answerOf(request).then(
    ({ status, headers, body }) => response.writeHead(status, headers).end(status === 304 ? undefined : body),
    (error: unknown) => {
      console.error(error);
      response.writeHead(500).end();
    },
  );
});
server.listen(port, '127.0.0.1', () => console.log(`github listens on ${base}`));
closeOnSignal(async () => {
  save();
  server.closeAllConnections();
  await Promise.all([emulate.close(), new Promise(resolve => server.close(resolve))]);
});
