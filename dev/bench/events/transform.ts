/** How many events a second one core turns into rows of NDJSON, beside JSON.parse alone over the same texts. */
import { randomUUID } from 'node:crypto';
import type { Line } from '@/dev/bench/report';
import type { CallType } from '@/lib/domains/events/rules';
import { readTime } from '@/lib/domains/events/transform/times';
import { type CallFacts, type SentCall, transformCall } from '@/lib/domains/events/transform/transform';
import { parseJson } from '@/lib/platform/exact-json';

const products = ['Monopoly: 3rd Edition', 'UNO Card Game', 'Chess', 'Catan', 'Carcassonne'];

/** What a browser sends as it is used: context of a page, and one call of five that is no track. */
export function sampleCall(index: number): { type: CallType; text: string } {
  const type = (['track', 'track', 'page', 'track', 'identify'] as const)[index % 5] ?? 'track';
  const at = new Date(1_795_000_000_000 + index * 37).toISOString();
  const page = {
    path: '/shop',
    referrer: '',
    search: `?page=${index % 9}`,
    title: 'Shop',
    url: 'https://shop.example/shop',
  };
  const context = {
    page,
    userAgent: 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36',
    locale: 'en-GB',
    library: { name: 'analytics.js', version: 'npm:next-1.81.0' },
    timezone: 'Europe/Vienna',
    campaign: { name: 'autumn', source: 'mail' },
  };
  const properties = {
    orderId: `order-${index}`,
    total: index % 3 === 0 ? index : index + 0.5,
    currency: 'EUR',
    isGift: index % 2 === 0,
    coupon: null,
    shipping: { method: 'post', days: 3 },
    products: [{ sku: `sku-${index % 50}`, name: products[index % products.length], price: 19 }],
  };
  const traits = { email: `user${index}@example.com`, plan: 'pro', logins: index, address: { city: 'Graz' } };
  const call = {
    messageId: `ajs-next-${randomUUID()}`,
    anonymousId: randomUUID(),
    userId: `user-${index % 5_000}`,
    timestamp: at,
    sentAt: at,
    type,
    context,
    ...(type === 'identify' ? { traits } : { properties: type === 'page' ? page : properties }),
    ...(type === 'track' ? { event: `Order Completed ${index % 40}` } : {}),
    integrations: {},
  };
  return { type, text: JSON.stringify(call) };
}

const calls = 20_000;

/** The best of some rounds, as others work on the same machine. */
function perSecond(rounds: number, work: () => number): number {
  let best = 0;
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    const done = work();
    best = Math.max(best, (done / (performance.now() - start)) * 1_000);
  }
  return best;
}

/** Lines of the table; `bytes` keeps the rows from being left out as unused. */
export function transformLines(rounds = 12): Line[] {
  const samples = Array.from({ length: calls }, (_, index) => sampleCall(index));
  const received = readTime('2026-11-27T12:00:00.000Z');
  if (!received) throw new Error('the time of receipt is no time');
  const facts = (type: CallType): CallFacts => ({
    type,
    messageId: 'ajs-next-1',
    receivedAt: received,
    processedAt: received.text,
    ip: '203.0.113.9',
    userAgent: null,
  });
  const transformed = (call: SentCall, type: CallType): number => {
    const { rows } = transformCall(call, facts(type));
    return Buffer.byteLength(rows.map(row => row.json).join('\n'));
  };
  let bytes = 0;
  const parsed = samples.map(({ type, text }) => ({ type, call: JSON.parse(text) as SentCall }));
  const parse = perSecond(rounds, () => {
    for (const { text } of samples) bytes += Object.keys(JSON.parse(text)).length;
    return samples.length;
  });
  const transform = perSecond(rounds, () => {
    for (const { call, type } of parsed) bytes += transformed(call, type);
    return parsed.length;
  });
  const both = perSecond(rounds, () => {
    for (const { text, type } of samples) bytes += transformed(parseJson(text) as SentCall, type);
    return samples.length;
  });
  if (bytes === 0) throw new Error('nothing was transformed');
  const ratio = (value: number) => `${(value / parse).toFixed(2)} of JSON.parse`;
  return [
    { what: 'events: JSON.parse alone', value: parse, unit: '/s' },
    {
      what: 'events: transform to NDJSON',
      value: transform,
      unit: '/s',
      budget: { atLeast: 60_000 },
      ratio: ratio(transform),
    },
    { what: 'events: parse and transform', value: both, unit: '/s', ratio: ratio(both) },
  ];
}
