/** The door for events over HTTP: single durable calls and batches, beside the same route without storage and a parser alone. */
import { type Child, startChild } from '@/dev/bench/children';
import { createCustomers } from '@/dev/bench/fixtures';
import { type Load, type LoadRequest, load } from '@/dev/bench/load';
import type { Line } from '@/dev/bench/report';
import { insertSource } from '@/dev/testing/events/sources';
import { maxRequestsPerSecond } from '@/lib/domains/events/rules';
import { eventLimits } from '@/lib/domains/events/tables';
import { db } from '@/lib/platform/db';
import { newUuid } from '@/lib/platform/ids';

const sourceCount = 20;
const singleConnections = 128;
const batchConnections = 16;
const eventsInBatch = 100;

const event = (index: number) => ({
  type: 'track',
  event: 'Order Completed',
  messageId: newUuid(),
  userId: `user-${index % 997}`,
  timestamp: '2026-01-01T00:00:00.000Z',
  context: { library: { name: 'analytics.js', version: '1.0' }, page: { path: `/shop/${index}`, title: 'Shop' } },
  properties: { orderId: newUuid(), total: index / 7, currency: 'EUR', items: [index, index + 1] },
});

/** As many sources as no limit of one holds back; answers their write keys. */
async function createSources(): Promise<string[]> {
  const [customer] = await createCustomers(1);
  if (!customer) throw new Error('there is no customer to measure with');
  const { customerId } = customer;
  const change = { updatedBy: 'bench', updatedAt: new Date() };
  await db()
    .insert(eventLimits)
    .values({ customerId, maxEventsPerMonth: 1_000_000_000, ...change });
  const writeKeys: string[] = [];
  for (let made = 0; made < sourceCount; made++)
    writeKeys.push((await insertSource({ customerId }, { requestsPerSecond: maxRequestsPerSecond })).writeKey);
  return writeKeys;
}

function requests(writeKeys: readonly string[], path: string, body: (index: number) => object): LoadRequest[] {
  return Array.from({ length: 200 }, (_, index) => ({
    method: 'POST',
    path,
    headers: {
      authorization: `Basic ${btoa(`${writeKeys[index % writeKeys.length]}:`)}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify(body(index)),
  }));
}

async function measured(child: Promise<Child>, kinds: [LoadRequest[], number][], seconds: number): Promise<Load[]> {
  const { url, stop } = await child;
  const loads: Load[] = [];
  try {
    for (const [sent, connections] of kinds) {
      const found = await load(url, sent, { connections, seconds });
      if (found.failed > 0) throw new Error(`${found.failed} of the calls that send events failed`);
      loads.push(found);
    }
    return loads;
  } finally {
    await stop();
  }
}

/** Lines of the table; on the database of the environment. */
export async function doorLines(seconds: number): Promise<Line[]> {
  const writeKeys = await createSources();
  const batch = (index: number) => ({
    batch: Array.from({ length: eventsInBatch }, (_, item) => event(index + item)),
    sentAt: '2026-01-01T00:00:01.000Z',
  });
  const kinds: [LoadRequest[], number][] = [
    [requests(writeKeys, '/v1/track', event), singleConnections],
    [requests(writeKeys, '/v1/batch', batch), batchConnections],
  ];
  const bare = (name: string) => startChild('dev/bench/events/bare-doors.ts', { BENCH_DOOR: name });
  const [parseSingle, parseBatch] = await measured(bare('parse'), kinds, seconds);
  const [freeSingle, freeBatch] = await measured(bare('door'), kinds, seconds);
  const [single, batches] = await measured(startChild('lib/edge/v1/main.ts', {}), kinds, seconds);
  const rate = (found: Load | undefined, events = 1): number => (found?.perSecond ?? 0) * events;
  const beside = (of: Load | undefined, free: Load | undefined, parse: Load | undefined): string =>
    `${(rate(of) / rate(free)).toFixed(2)} of without storage, ${(rate(of) / rate(parse)).toFixed(2)} of parsing alone`;
  return [
    { what: 'a server that parses alone, single events', value: rate(parseSingle), unit: '/s' },
    { what: 'the door without storage, single events', value: rate(freeSingle), unit: '/s' },
    {
      what: 'the door, single durable events',
      value: rate(single),
      unit: '/s',
      budget: { atLeast: 6_000 },
      ratio: beside(single, freeSingle, parseSingle),
    },
    { what: 'the door, single, p99', value: single?.p99Ms ?? 0, unit: 'ms' },
    { what: `a server that parses alone, events in batches`, value: rate(parseBatch, eventsInBatch), unit: '/s' },
    { what: 'the door without storage, events in batches', value: rate(freeBatch, eventsInBatch), unit: '/s' },
    {
      what: `the door, durable events in batches of ${eventsInBatch}`,
      value: rate(batches, eventsInBatch),
      unit: '/s',
      budget: { atLeast: 40_000 },
      ratio: beside(batches, freeBatch, parseBatch),
    },
    {
      what: 'the door, single, beside without storage',
      value: rate(single) / rate(freeSingle),
      unit: '',
      budget: { atLeast: 0.5 },
    },
    {
      what: 'the door, batches, beside without storage',
      value: rate(batches) / rate(freeBatch),
      unit: '',
      budget: { atLeast: 0.5 },
    },
  ];
}
