/** Odd values in every field of every call that sends events: none is a fault of ours, none is slow, and the worker takes all that was let in. */
import { eq } from 'drizzle-orm';
import { beforeAll, expect, test, vi } from 'vitest';
import { caller } from '@/dev/testing/data-plane';
import { insertSource, type TestSource } from '@/dev/testing/events/sources';
import { raws, values } from '@/dev/testing/odd-input';
import { createWorld } from '@/dev/testing/world';
import { eventConsumer } from '@/lib/domains/events/process/process-entries';
import { callTypes, maxRequestsPerSecond } from '@/lib/domains/events/rules';
import { eventReceipts } from '@/lib/domains/events/tables';
import { app } from '@/lib/edge/v1/app';
import { db } from '@/lib/platform/db';
import { newUuid } from '@/lib/platform/ids';
import { consumeOnce } from '@/lib/warehouse/ingest/spool/consume';

const call = caller(async (input, init) => app.fetch(new Request(input as string, init)));
const fields = ['messageId', 'userId', 'anonymousId', 'groupId', 'previousId', 'event', 'name', 'timestamp', 'sentAt'];
const objects = ['context', 'integrations', 'properties', 'traits', 'type', 'strange', 'writeKey'];
const sound = (type: string) => ({
  type,
  userId: 'u',
  event: 'A',
  groupId: 'g',
  previousId: 'p',
  messageId: newUuid(),
});

/** The text of a call with this JSON text in a field. */
const withText = (type: string, field: string, value: string): string =>
  JSON.stringify({ ...sound(type), [field]: '<odd>' }).replace('"<odd>"', () => value);

const atOnce = 100;
let source: TestSource;
const send = (path: string, body: BodyInit, type: string | null = 'application/json') => {
  const authorization = `Basic ${btoa(`${source.writeKey}:`)}`;
  return call(path, { method: 'POST', body, headers: { authorization, ...(type ? { 'content-type': type } : {}) } });
};

beforeAll(async () => {
  source = await insertSource(await createWorld({ plan: 'SCALE' }), { requestsPerSecond: maxRequestsPerSecond });
});

test.each(callTypes)('%s: each field with each odd value, alone and in a batch', { timeout: 120_000 }, async type => {
  const texts = [...fields, ...objects].flatMap(field => values.map(value => withText(type, field, value)));
  for (let from = 0; from < texts.length; from += atOnce) {
    const answers = await Promise.all(texts.slice(from, from + atOnce).map(text => send(`/v1/${type}`, text)));
    for (const { status } of answers) expect([200, 400, 413]).toContain(status);
  }
  for (let from = 0; from < texts.length; from += atOnce) {
    const { status, json } = await send('/v1/batch', `{"batch":[${texts.slice(from, from + atOnce).join(',')}]}`);
    expect([status, json.success], JSON.stringify(json).slice(0, 300)).toEqual([200, true]);
  }
});

test.each(['context', 'integrations', 'sentAt', 'batch', 'strange'])('a batch with odd values in %s', async field => {
  for (const value of values) {
    const text = JSON.stringify({ batch: [sound('page')], [field]: '<odd>' }).replace('"<odd>"', () => value);
    expect((await send('/v1/batch', text)).status, text.slice(0, 200)).toBeLessThan(500);
  }
});

test.each(raws)('%s is refused', async (_, type, body) => {
  for (const path of ['/v1/track', '/v1/batch']) expect((await send(path, body, type)).status).toBeLessThan(500);
});

test('the worker takes all of it, and every item has its receipt', { timeout: 60_000 }, async () => {
  const before = await db().$count(eventReceipts, eq(eventReceipts.sourceId, source.sourceId));
  while ((await consumeOnce(eventConsumer)).entries > 0);
  const after = await db().$count(eventReceipts, eq(eventReceipts.sourceId, source.sourceId));
  expect(after - before).toBeGreaterThan(callTypes.length * values.length * (fields.length + objects.length));
});

const many = (count: number) =>
  JSON.stringify(Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, 0])));
test.each([
  ['30,000 different names', many(30_000)],
  ['150,000 empty lists', `[${Array(150_000).fill('[]').join(',')}]`],
  ['a batch of empty lists', `{"batch":[${Array(150_000).fill('[]').join(',')}]}`],
])('a body made to be slow is not parsed: %s', async (_, text) => {
  const parse = vi.spyOn(JSON, 'parse');
  try {
    const { status, text: answer } = await send('/v1/batch', text);
    expect(status).toBe(400);
    expect(answer.length).toBeLessThan(1_000);
    expect(parse.mock.calls.some(([parsed]) => parsed === text)).toBe(false);
  } finally {
    parse.mockRestore();
  }
});
