/** /health says which part is down; /metrics is for those who may. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { answerOperations, HealthProblem, healthOf, standardChecks } from '@/lib/platform/http/health';

const well = async () => 'answers';
let server: Server;
let base = '';
let database: () => Promise<string> = well;

beforeAll(async () => {
  server = createServer((incoming, outgoing) => {
    void answerOperations(incoming, outgoing, { database: { essential: true, check: () => database() } });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

test('the standard parts of a running system are well', async () => {
  const report = await healthOf(standardChecks);
  expect(report).toMatchObject({ status: 'ok', parts: { database: { ok: true }, bigquery: { ok: true } } });
});

test('an essential part that fails is a 503 with Retry-After that names it', async () => {
  database = async () => {
    throw new Error('password authentication failed for user tenantry at 10.0.0.7');
  };
  const answer = await fetch(`${base}/health`);
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5']);
  const text = await answer.text();
  expect(JSON.parse(text)).toMatchObject({
    status: 'down',
    parts: { database: { ok: false, message: 'not reachable' } },
  });
  expect(text).not.toContain('10.0.0.7');
  database = well;
  expect((await fetch(`${base}/health`)).status).toBe(200);
});

test('a part that is not essential only degrades, and says what is wrong in its own words', async () => {
  const check = async () => {
    throw new HealthProblem('80 s behind');
  };
  const report = await healthOf({ database: { essential: true, check: well }, mirror: { essential: false, check } });
  expect(report).toMatchObject({ status: 'degraded', parts: { mirror: { ok: false, message: '80 s behind' } } });
});

test('a part that does not answer is given up after three seconds', async () => {
  const hangs = () => new Promise<string>(() => undefined);
  const report = await healthOf({ database: { essential: true, check: hangs } });
  expect(report.parts.database).toMatchObject({ ok: false, message: 'no answer within 3000 ms' });
});

test('metrics are Prometheus text for loopback and nothing for what came through a proxy', async () => {
  const answer = await fetch(`${base}/metrics`);
  expect(answer.headers.get('content-type')).toContain('text/plain');
  expect(await answer.text()).toMatch(/^# HELP tenantry_outbox_rows /m);
  expect((await fetch(`${base}/metrics`, { headers: { 'x-forwarded-for': '203.0.113.9' } })).status).toBe(401);
});

test('other paths are 404 and other methods 405', async () => {
  expect((await fetch(`${base}/other`)).status).toBe(404);
  const posted = await fetch(`${base}/health`, { method: 'POST' });
  expect([posted.status, posted.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
});
