/** What the service refuses for its rate is sent again; everything else is told at once. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createBigQuery } from '@/lib/platform/bigquery/bigquery';
import { runDdl, storeOf } from '@/lib/warehouse/schemas/rest';

type Reply = { status: number; body: unknown };
const problem = (reason: string) => ({ reason, message: `refused for ${reason}` });
const refusal = (status: number, reason: string): Reply => ({
  status,
  body: { error: { code: status, message: `refused for ${reason}`, errors: [problem(reason)] } },
});
const done: Reply = { status: 200, body: { jobComplete: true } };

let replies: Reply[] = [];
let requests = 0;
const server = createServer((request, response) => {
  request.resume();
  requests++;
  const reply = replies.shift() ?? done;
  response.writeHead(reply.status, { 'content-type': 'application/json' }).end(JSON.stringify(reply.body));
});
const client = () =>
  createBigQuery({ projectId: 'p', apiUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });

beforeAll(() => new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve)));
beforeEach(() => {
  requests = 0;
});
afterAll(() => new Promise<void>(resolve => server.close(() => resolve()).closeAllConnections()));

test.each<[string, Reply]>([
  ['as an HTTP error', refusal(403, 'rateLimitExceeded')],
  ['inside a 200', { status: 200, body: { jobComplete: true, errors: [problem('jobRateLimitExceeded')] } }],
])('a statement refused for its rate %s is sent again', async (_, reply) => {
  replies = [reply, done];
  await runDdl(client(), 'ALTER TABLE d.t ADD COLUMN c INT64', 'US');
  expect(requests).toBe(2);
});

test.each<[string, Reply]>([
  ['as an HTTP error', refusal(400, 'invalidQuery')],
  ['inside a 200', { status: 200, body: { jobComplete: true, errors: [problem('invalidQuery')] } }],
])('a wrong statement refused %s is told at once', async (_, reply) => {
  replies = [reply];
  await expect(runDdl(client(), 'ALTER', 'US')).rejects.toThrow('refused for invalidQuery');
  expect(requests).toBe(1);
});

test('a store is known as local by its address', () => {
  expect(storeOf(client())).toBe('local');
  expect(storeOf(createBigQuery({ projectId: 'p' }))).toBe('service');
});
