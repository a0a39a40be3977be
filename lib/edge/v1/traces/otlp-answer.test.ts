/** OpenTelemetry's requests in both encodings: recorded ones of real exporters, partial success, refusals as Status, storage that is away. */
import { gzipSync } from 'node:zlib';
import { Reader } from 'protobufjs/minimal.js';
import { beforeAll, expect, test } from 'vitest';
import { caller, customerKey } from '@/dev/testing/data-plane';
import { keptTraces } from '@/dev/testing/traces/kept';
import { createWorld } from '@/dev/testing/world';
import samples from '@/lib/domains/traces/normalize/samples/otlp.json';
import { fromWebRequest, toWebResponse } from '@/lib/edge/http/web-request';
import { app } from '@/lib/edge/v1/app';
import { createAnswerTraces } from '@/lib/edge/v1/traces/answer-traces';
import { AppError } from '@/lib/platform/errors';

/** As OpenTelemetry's exporter for Python sent it: five spans, two of which are requests to a model. */
const recorded = Buffer.from(samples.pythonProtobuf, 'base64');

const call = caller(async (input, init) => app.fetch(new Request(input as string, init)));
let key: string;
beforeAll(async () => {
  key = (await customerKey(await createWorld())).text;
});

const attribute = (name: string, value: object) => ({ key: name, value });
const chat = (tokens: number, at = Date.now()) => ({
  traceId: '0af7651916cd43dd8448eb211c80319c',
  spanId: 'b7ad6b7169203331',
  name: 'chat gpt-4o',
  startTimeUnixNano: `${at}000000`,
  endTimeUnixNano: `${at + 20}000000`,
  attributes: [
    attribute('gen_ai.operation.name', { stringValue: 'chat' }),
    attribute('gen_ai.provider.name', { stringValue: 'openai' }),
    attribute('gen_ai.request.model', { stringValue: 'gpt-4o' }),
    attribute('gen_ai.usage.input_tokens', { intValue: tokens }),
    attribute('gen_ai.usage.output_tokens', { intValue: 5 }),
  ],
});
const otherSpan = {
  ...chat(1),
  name: 'GET /cart',
  attributes: [attribute('http.request.method', { stringValue: 'GET' })],
};
const json = (...spans: object[]) => ({ resourceSpans: [{ resource: { attributes: [] }, scopeSpans: [{ spans }] }] });

test.each(['plain', 'gzip'])(
  'what the exporter for Python sends in protobuf, %s, is taken, and answered empty',
  async how => {
    const world = await createWorld();
    const headers = {
      'content-type': 'application/x-protobuf',
      ...(how === 'gzip' ? { 'content-encoding': 'gzip' } : {}),
    };
    const body = new Uint8Array(how === 'gzip' ? gzipSync(recorded) : recorded);
    const answer = await call('/v1/traces', { method: 'POST', key: (await customerKey(world)).text, body, headers });
    expect([answer.status, answer.text]).toEqual([200, '']);
    expect(answer.headers.get('content-type')).toBe('application/x-protobuf');
    const { rows, metas } = await keptTraces(world.customerId);
    expect(rows.find(row => row.model === 'openai/gpt-4o')).toMatchObject({
      tokens_in: 1000,
      tokens_out: 50,
      cache_read_tokens: 800,
      repo_slug: 'octo/repo',
      session_id: 'conv-1',
      source: 'otlp',
    });
    expect(metas).toMatchObject([{ source: 'otlp', refusedCount: 0 }]);
  },
);

test('JSON: spans that are no requests to a model are counted in the answer and leave nothing', async () => {
  const world = await createWorld();
  const answer = await call('/v1/traces', {
    method: 'POST',
    key: (await customerKey(world)).text,
    json: json(chat(100), otherSpan, otherSpan),
  });
  expect([answer.status, answer.json]).toEqual([200, { ignoredSpans: 2 }]);
  expect((await keptTraces(world.customerId)).rows.map(row => row.tokens_in)).toEqual([100]);
});

test('JSON: a span that is refused is a partial success with its reason, and the others are taken', async () => {
  const answer = await call('/v1/traces', { method: 'POST', key, json: json(chat(100), chat(-1)) });
  expect([answer.status, answer.json]).toEqual([
    200,
    {
      partialSuccess: { rejectedSpans: '1', errorMessage: expect.stringMatching(/^span 1, .*must not be negative\.$/) },
    },
  ]);
});

test('JSON: where all spans are refused it is a partial success too, which exporters tell of and do not send again', async () => {
  const answer = await call('/v1/traces', { method: 'POST', key, json: json(chat(-1)) });
  expect([answer.status, Object.keys(answer.json)]).toEqual([200, ['partialSuccess']]);
});

test('no span at all is a success', async () => {
  for (const body of [json(), { resourceSpans: [] }])
    expect((await call('/v1/traces', { method: 'POST', key, json: body })).status).toBe(200);
  const headers = { 'content-type': 'application/x-protobuf' };
  expect((await call('/v1/traces', { method: 'POST', key, body: new Uint8Array(), headers })).status).toBe(200);
});

test('a refusal of protobuf is a Status in protobuf, under its HTTP status', async () => {
  const headers = { 'content-type': 'application/x-protobuf' };
  const world = await createWorld();
  const send = async (body: Uint8Array<ArrayBuffer>, by?: string) => {
    const auth: Record<string, string> = by === undefined ? {} : { authorization: `Bearer ${by}` };
    const request = new Request('http://data-plane/v1/traces', {
      method: 'POST',
      body,
      headers: { ...headers, ...auth },
    });
    const response = await app.fetch(request);
    const reader = Reader.create(new Uint8Array(await response.arrayBuffer()));
    expect(reader.uint32()).toBe((2 << 3) | 2);
    return [response.status, response.headers.get('content-type'), reader.string()];
  };
  const type = 'application/x-protobuf';
  expect(await send(new Uint8Array(recorded))).toEqual([401, type, expect.stringContaining('Send a key')]);
  const own = (await customerKey(world)).text;
  expect(await send(new Uint8Array(recorded.subarray(0, 50)), own)).toEqual([
    400,
    type,
    expect.stringContaining('protobuf'),
  ]);
});

test('while the log is away: 503 with Retry-After to both, and nothing is called taken', async () => {
  const away = async () => {
    throw new AppError('database_unavailable', 'The database is not reachable.', { retryAfterSeconds: 5 });
  };
  const answerTraces = createAnswerTraces({ append: away, appendToAgentLog: async () => undefined });
  const send = caller(async (input, init) =>
    toWebResponse((await answerTraces(fromWebRequest(new Request(input as string, init)))) as never),
  );
  const record = { timestamp: new Date().toISOString(), model: 'openai/gpt-4o', tokens_in: 1, tokens_out: 1 };
  for (const body of [[record], json(chat(1))]) {
    const answer = await send('/v1/traces', { method: 'POST', key, json: body });
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5']);
  }
});
