/** Stripe's webhooks, on both planes: only what our secrets signed, over these very bytes, just now, in our mode, is stored, and once. */
import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { POST } from '@/app/api/webhooks/stripe/route';
import { stripeEvents } from '@/lib/domains/subscriptions/tables';
import { webhookPath } from '@/lib/edge/http/webhook';
import { besideV1 } from '@/lib/edge/v1/node-server';
import { closeDb, db } from '@/lib/platform/db';
import { randomText } from '@/lib/platform/ids';

const secrets = ['whsec_the_new_one', 'whsec_the_old_one'] as const;
const before = { ...process.env };
beforeAll(() => {
  process.env.STRIPE_WEBHOOK_SECRETS = secrets.join(',');
  process.env.STRIPE_SECRET_KEY = 'sk_test_of_this_test';
});
afterAll(async () => {
  const ids = made.splice(0);
  for (const id of ids) await db().delete(stripeEvents).where(eq(stripeEvents.eventId, id));
  await closeDb();
  Object.assign(process.env, before);
});

const made: string[] = [];
const nowSeconds = () => Math.floor(Date.now() / 1_000);

function eventOf(more: object = {}) {
  const id = `evt_${randomText(20)}`;
  made.push(id);
  return {
    id,
    object: 'event',
    // Not handled, so that no worker takes it away from this test.
    type: 'charge.refunded',
    livemode: false,
    created: nowSeconds(),
    data: { object: { id: 'ch_x', object: 'charge', customer: 'cus_x' } },
    ...more,
  };
}

/** The header as Stripe writes it. */
function signatureOf(text: string | Buffer, secret: string = secrets[0], at = nowSeconds()): string {
  const mac = createHmac('sha256', secret).update(`${at}.`).update(text).digest('hex');
  return `t=${at},v1=${mac}`;
}

const plane = createServer((incoming, outgoing) => besideV1[incoming.url ?? '']?.(incoming, outgoing));
beforeAll(() => new Promise<void>(resolve => void plane.listen(0, '127.0.0.1', resolve)));
afterAll(() => {
  plane.closeAllConnections();
  plane.close();
});
const planePort = () => (plane.address() as AddressInfo).port;

/** Both servers that take webhooks; what holds for one holds for the other. */
const planes: Record<string, (init: RequestInit) => Promise<Response>> = {
  'the portal': init => POST(new Request(`http://127.0.0.1${webhookPath}`, init)),
  'the data plane': init => fetch(`http://127.0.0.1:${planePort()}${webhookPath}`, init),
};
let take = planes['the portal'] as (typeof planes)[string];

const send = (body: string | Buffer, signature?: string) =>
  take({
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(signature ? { 'stripe-signature': signature } : {}) },
    body: Buffer.from(body),
  });

const stored = async (id: string) => (await db().select().from(stripeEvents).where(eq(stripeEvents.eventId, id)))[0];

async function expectRefused(answer: Response, id: string, status = 400) {
  expect(answer.status).toBe(status);
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
  expect(await answer.json()).toMatchObject({ status, request_id: expect.any(String) });
  expect(await stored(id)).toBeUndefined();
}

describe.each(Object.keys(planes))('%s', name => {
  beforeAll(() => {
    take = planes[name] as typeof take;
  });

  describe('what is taken', () => {
    test('an event that Stripe signed is stored once, however often it comes, and answered 200 each time', async () => {
      const event = eventOf();
      const text = JSON.stringify(event);
      const answers = await Promise.all(Array.from({ length: 5 }, () => send(text, signatureOf(text))));
      expect(answers.map(answer => answer.status)).toEqual([200, 200, 200, 200, 200]);
      expect(await stored(event.id)).toMatchObject({
        type: 'charge.refunded',
        status: 'ignored',
        stripeCustomerId: 'cus_x',
        livemode: false,
        payload: event,
      });
    });

    test('an event we act on waits with whom and what it is about, in both shapes of an invoice', async () => {
      const shapes = [
        { parent: { type: 'subscription_details', subscription_details: { subscription: 'sub_a' } } },
        { subscription: 'sub_a' },
      ];
      for (const shape of shapes) {
        const object = { id: 'in_a', object: 'invoice', customer: { id: 'cus_a', object: 'customer' }, ...shape };
        // Should a worker run on this database, it finds nothing of the kind in Stripe and only marks the event as done.
        const event = eventOf({ type: 'invoice.paid', data: { object } });
        const text = JSON.stringify(event);
        expect((await send(text, signatureOf(text))).status).toBe(200);
        expect(await stored(event.id)).toMatchObject({
          stripeCustomerId: 'cus_a',
          stripeSubscriptionId: 'sub_a',
          stripeInvoiceId: 'in_a',
        });
      }
    });

    test('while secrets are rotated both hold, and a header may carry several signatures', async () => {
      for (const secret of secrets) {
        const event = eventOf();
        const text = JSON.stringify(event);
        expect((await send(text, signatureOf(text, secret))).status).toBe(200);
        expect(await stored(event.id)).toBeDefined();
      }
      const event = eventOf();
      const text = JSON.stringify(event);
      const [at, mac] = signatureOf(text, secrets[1]).split(',');
      expect((await send(text, `${at},v1=${'0'.repeat(64)},${mac}`)).status).toBe(200);
    });

    test('a signature of 299 seconds ago still holds', async () => {
      const event = eventOf();
      const text = JSON.stringify(event);
      expect((await send(text, signatureOf(text, secrets[0], nowSeconds() - 295))).status).toBe(200);
    });

    test('signs that Postgres cannot keep in JSON do not keep an event out', async () => {
      const event = eventOf({ data: { object: { object: 'charge', note: 'a\u0000b\ud800c' } } });
      const text = JSON.stringify(event);
      expect((await send(text, signatureOf(text))).status).toBe(200);
      expect(await stored(event.id)).toMatchObject({ payload: { data: { object: { note: 'ab\ufffdc' } } } });
    });
  });

  describe('what is refused, without a row', () => {
    const cases: [string, (text: string) => [body: string | Buffer, signature?: string]][] = [
      ['no signature', text => [text]],
      ['an empty one', text => [text, '']],
      ['one that is none', text => [text, 'hello']],
      ['one of another secret', text => [text, signatureOf(text, 'whsec_guessed')]],
      ['one of the empty secret', text => [text, signatureOf(text, '')]],
      ['another scheme', text => [text, signatureOf(text).replace('v1=', 'v0=')]],
      ['one without its time', text => [text, signatureOf(text).replace(/^t=\d+,/, '')]],
      ['a stale one', text => [text, signatureOf(text, secrets[0], nowSeconds() - 301)]],
      ['one whose time was moved', text => [text, signatureOf(text).replace(/^t=\d+/, `t=${nowSeconds() + 5}`)]],
      ['a truncated body', text => [text.slice(0, -1), signatureOf(text)]],
      ['a body with one sign changed', text => [text.replace('cus_x', 'cus_y'), signatureOf(text)]],
      [
        'a body that was parsed and printed again',
        text => [JSON.stringify(JSON.parse(text), null, 2), signatureOf(text)],
      ],
      ['a body with a byte order mark before it', text => [`\ufeff${text}`, signatureOf(text)]],
      ['a body in UTF-16', text => [Buffer.from(text, 'utf16le'), signatureOf(text)]],
      ['an empty body', text => ['', signatureOf(text)]],
    ];
    test.each(cases)('%s', async (_, make) => {
      const event = eventOf();
      const [body, signature] = make(JSON.stringify(event));
      await expectRefused(await send(body, signature), event.id);
    });

    test('bytes that are not UTF-8, though they are signed as they are', async () => {
      const event = eventOf();
      const bytes = Buffer.concat([Buffer.from(JSON.stringify(event)), Buffer.from([0xff])]);
      await expectRefused(await send(bytes, signatureOf(bytes)), event.id);
    });

    test('signed text that is no event', async () => {
      for (const text of ['', '{}', '[]', 'null', '"evt_1"', '{"object":"event"}', 'not json']) {
        expect((await send(text, signatureOf(text))).status).toBe(400);
      }
      const odd = eventOf({ id: 'evt_../../x' });
      const text = JSON.stringify(odd);
      await expectRefused(await send(text, signatureOf(text)), odd.id);
    });

    test('an event of the other mode', async () => {
      const event = eventOf({ livemode: true });
      const text = JSON.stringify(event);
      await expectRefused(await send(text, signatureOf(text)), event.id);
    });

    test('a signed event that is nested without end, which Postgres could not keep', async () => {
      for (const depth of [101, 100_000]) {
        const event = eventOf();
        const text = JSON.stringify(event).replace('"ch_x"', `${'['.repeat(depth)}1${']'.repeat(depth)}`);
        await expectRefused(await send(text, signatureOf(text)), event.id);
      }
    });

    test('a body over 1 MiB, before it is read to its end', async () => {
      const event = eventOf({ padding: 'x'.repeat(1_100_000) });
      const text = JSON.stringify(event);
      await expectRefused(await send(text, signatureOf(text)), event.id, 413);
    });
  });

  test('while Postgres is away the answer is 503, so that Stripe sends the event again', async () => {
    const event = eventOf();
    const text = JSON.stringify(event);
    await closeDb();
    const { env } = await import('@/lib/platform/env');
    const settings = env();
    const url = settings.DATABASE_URL;
    settings.DATABASE_URL = 'postgres://nobody@127.0.0.1:9/none';
    try {
      const answer = await send(text, signatureOf(text));
      expect(answer.status).toBe(503);
      expect(answer.headers.get('retry-after')).toBe('5');
    } finally {
      await closeDb();
      settings.DATABASE_URL = url;
    }
    expect((await send(text, signatureOf(text))).status).toBe(200);
  });
});

describe('on the data plane alone', () => {
  const url = () => `http://127.0.0.1:${planePort()}${webhookPath}`;

  test('another method is answered 405 and told which', async () => {
    for (const method of ['GET', 'PUT', 'DELETE', 'OPTIONS']) {
      const answer = await fetch(url(), { method });
      expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST']);
    }
  });

  test('a body of unknown length is cut off at 1 MiB', async () => {
    const body = new ReadableStream({
      start(controller) {
        for (let part = 0; part < 17; part++) controller.enqueue(new Uint8Array(65_536));
        controller.close();
      },
    });
    const init = { method: 'POST', headers: { 'stripe-signature': 't=1,v1=0' }, body, duplex: 'half' };
    expect((await fetch(url(), init as RequestInit)).status).toBe(413);
  });

  test('a body that breaks off leaves no row, and the server goes on', async () => {
    const event = eventOf();
    const text = JSON.stringify(event);
    await new Promise<void>(resolve => {
      const socket = connect(planePort(), '127.0.0.1', () => {
        const head = `POST ${webhookPath} HTTP/1.1\r\nhost: a\r\nstripe-signature: ${signatureOf(text)}\r\n`;
        socket.write(`${head}content-length: ${text.length}\r\n\r\n${text.slice(0, 40)}`, () => socket.destroy());
      });
      socket.on('close', () => resolve());
    });
    take = planes['the data plane'] as typeof take;
    expect((await send(text, 't=1,v1=0')).status).toBe(400);
    expect(await stored(event.id)).toBeUndefined();
  });

  test('events that come at once share a commit, and each is there when its 200 is', async () => {
    take = planes['the data plane'] as typeof take;
    const sent = Array.from({ length: 200 }, async () => {
      const event = eventOf();
      const text = JSON.stringify(event);
      const { status } = await send(text, signatureOf(text));
      return status === 200 && (await stored(event.id)) !== undefined;
    });
    expect(new Set(await Promise.all(sent))).toEqual(new Set([true]));
  });
});
