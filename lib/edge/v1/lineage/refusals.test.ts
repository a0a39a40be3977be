/** Every way in which an event of OpenLineage can be refused, on both planes. */
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { customerKey, transports } from '@/dev/testing/data-plane';
import type { DoorScene } from '@/dev/testing/ingest/door-scene';
import { batch, type LineageDoor, one, openDoor } from '@/dev/testing/lineage/door';
import { keptEvents, runEvent } from '@/dev/testing/lineage/events';
import { createWorld } from '@/dev/testing/world';
import { lineageRoute } from '@/lib/edge/v1/lineage/routes';
import { errorsOf } from '@/lib/edge/v1/openapi-document';
import { problemSchema } from '@/lib/edge/v1/routes/run-schemas';
import { newUuid } from '@/lib/platform/ids';

const documented = errorsOf(lineageRoute);

describe.each(transports)('over $name', transport => {
  let door: LineageDoor;
  beforeAll(async () => {
    door = await openDoor(transport);
  });
  afterAll(() => door.close());

  const text = () => JSON.stringify(runEvent());

  const wrong: [what: string, path: string, event: unknown][] = [
    ['null', '', null],
    ['a number', '', 1],
    ['an empty object', 'eventTime', {}],
    ['no job', 'job', { ...runEvent(), job: undefined }],
    ['no job name', 'job.name', runEvent({ job: { namespace: 'a' } })],
    ['an empty namespace', 'job.namespace', runEvent({ job: { namespace: '', name: 'a' } })],
    ['no run', 'run', { ...runEvent(), run: undefined }],
    ['a run id that is no UUID', 'run.runId', runEvent({ run: { runId: '7' } })],
    ['facets that are a list', 'run.facets', runEvent({ run: { runId: newUuid(), facets: [] } })],
    ['no time', 'eventTime', { ...runEvent(), eventTime: undefined }],
    ['a time that is none', 'eventTime', runEvent({ eventTime: 'yesterday' })],
    ['a dataset that is none', 'inputs.1', runEvent({ inputs: [{ namespace: 'a', name: 'b' }, 7] })],
    ['a dataset without a name', 'outputs.0.name', runEvent({ outputs: [{ namespace: 'a' }] })],
  ];
  test.each(wrong)('%s: 400 with the path "%s"', async (_, path, event) => {
    const answer = await door.send(JSON.stringify(event));
    expect([answer.status, answer.json.code]).toEqual([400, 'invalid_input']);
    expect(answer.json.errors).toMatchObject(expect.arrayContaining([expect.objectContaining({ path })]));
  });

  type Unread = [
    what: string,
    status: number,
    code: string,
    body: () => BodyInit,
    more?: { headers?: Record<string, string>; path?: string },
  ];
  const gzipped = { headers: { 'content-encoding': 'gzip' } };
  const unread: Unread[] = [
    ['nothing', 400, 'invalid_json', () => ''],
    ['no JSON', 400, 'invalid_json', () => 'a=1'],
    ['an event that breaks off', 400, 'invalid_json', () => text().slice(0, -1)],
    ['an object a line', 400, 'invalid_json', () => `${text()}\n${text()}`],
    ['no UTF-8', 400, 'invalid_json', () => new Uint8Array([0x7b, 0xff, 0xfe, 0x7d])],
    ['a list where one event goes', 400, 'invalid_input', () => `[${text()}]`],
    ['one event where a list goes', 400, 'invalid_input', text, { path: batch }],
    ['a form', 415, 'unsupported_media_type', () => 'a=1', { headers: { 'content-type': 'text/html' } }],
    [
      'another charset',
      415,
      'unsupported_media_type',
      text,
      { headers: { 'content-type': 'application/json; charset=latin1' } },
    ],
    ['another encoding', 415, 'unsupported_media_type', text, { headers: { 'content-encoding': 'br' } }],
    ['gzip that is none', 400, 'invalid_json', text, gzipped],
    ['an event over 1 MB', 413, 'body_too_large', () => JSON.stringify(runEvent({ x: 'x'.repeat(1_000_000) }))],
    ['a bomb of gzip', 413, 'body_too_large', () => gzipSync(Buffer.alloc(60_000_000)), gzipped],
    ['a batch over 5 MB', 413, 'body_too_large', () => 'x'.repeat(5_000_001), { path: batch }],
    ['a bomb of a batch', 413, 'body_too_large', () => gzipSync(Buffer.alloc(60_000_000)), { ...gzipped, path: batch }],
    ['too many events', 413, 'body_too_large', () => JSON.stringify(Array(1_001).fill(0)), { path: batch }],
    [
      'a million empty lists',
      400,
      'invalid_input',
      () => `[${Array(1_000_000).fill('[]').join(',')}]`,
      { path: batch },
    ],
  ];
  test.each(unread)('%s: %i', async (_, status, code, body, { headers = {}, path = one } = {}) => {
    const answer = await door.send(body(), { headers }, path);
    expect([answer.status, answer.json.code]).toEqual([status, code]);
    expect(documented).toContain(code);
  });

  const refusals: [who: string, status: number, code: string, key: (scene: DoorScene) => string | undefined][] = [
    ['without a key', 401, 'unauthenticated', () => undefined],
    ['a key of nobody', 401, 'invalid_key', ({ key }) => key.text.replace('ty_live_', 'ty_live_x')],
    ['a revoked key', 401, 'key_disabled', ({ keys }) => keys.revoked],
    ['an expired key', 401, 'key_expired', ({ keys }) => keys.expired],
    ['a key without the scope', 403, 'insufficient_scope', ({ keys }) => keys.narrow],
    ['a key of a suspended organization', 403, 'customer_suspended', ({ keys }) => keys.suspended],
    ['a key of an organization without a plan', 403, 'subscription_inactive', ({ keys }) => keys.ended],
    ['a service key that names nobody', 400, 'invalid_input', ({ service }) => service.text],
  ];
  test.each(refusals)('%s: %i', async (_, status, code, key) => {
    for (const [path, body] of [[one, text()] as const, [batch, '[]'] as const]) {
      const answer = await door.send(body, { key: key(door.scene) }, path);
      expect([answer.status, answer.json.code]).toEqual([status, code]);
      expect(problemSchema.parse(answer.json).request_id).toBe(answer.headers.get('x-request-id'));
      expect(documented).toContain(code);
    }
  });

  test('a service key sends for the customer that it names; nobody sends for another', async () => {
    const world = await createWorld();
    const path = `${one}?customer_id=${world.customerId}`;
    expect((await door.send(text(), { key: door.scene.service.text }, path)).status).toBe(201);
    expect((await door.send(text(), {}, path)).status).toBe(404);
    expect((await door.send(text(), { key: door.scene.service.text }, `${one}?customer_id=nobody`)).status).toBe(404);
    expect(await keptEvents(world.customerId)).toMatchObject([{ apiKeyId: door.scene.service.id }]);
  });

  test('parameters that it does not know, or that come twice, are refused', async () => {
    for (const query of ['nonsense=1', 'customer_id=a&customer_id=b', 'customer_id='])
      expect((await door.send(text(), {}, `${one}?${query}`)).json.code, query).toBe('invalid_input');
  });

  test('a key’s requests a second hold nobody up, as clients send a request an event; 429 is never answered', async () => {
    const key = (await customerKey(door.scene.world, undefined, 'STANDARD')).text;
    const answers = await Promise.all(Array.from({ length: 25 }, () => door.send(text(), { key })));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 201));
    expect(documented).toContain('slow_down');
    expect(documented).not.toContain('rate_limited');
  });

  test.each(['GET', 'HEAD', 'PUT', 'DELETE'])('%s is answered by 405 and what there is', async method => {
    for (const path of [one, batch]) {
      const answer = await door.call(path, { method, key: door.scene.key.text });
      expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST']);
    }
  });
});
