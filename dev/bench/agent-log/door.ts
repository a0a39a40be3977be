/** The door for events of agents over HTTP: durable batches, beside the same route without storage. */
import { sessionEvents } from '@/dev/bench/agent-log/events';
import { startChild } from '@/dev/bench/children';
import { createCustomers } from '@/dev/bench/fixtures';
import { type LoadRequest, load } from '@/dev/bench/load';
import type { Line } from '@/dev/bench/report';

const customerCount = 20;
const eventsInBatch = 100;
const connections = 8;

async function eventsPerSecond(module: string, requests: LoadRequest[], seconds: number): Promise<number> {
  const child = await startChild(module, {});
  try {
    const found = await load(child.url, requests, { connections, seconds });
    if (found.failed > 0) throw new Error(`${found.failed} of the calls that send events of agents failed`);
    return found.perSecond * eventsInBatch;
  } finally {
    await child.stop();
  }
}

/** Lines of the table; on the database of the environment. */
export async function agentDoorLines(seconds: number): Promise<Line[]> {
  const customers = await createCustomers(customerCount);
  const requests = customers.map(({ key }, index): LoadRequest => {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    const events: object[] = [];
    for (let session = 0; events.length < eventsInBatch; session++)
      events.push(...sessionEvents(index * eventsInBatch + session, Date.now() - 3_600_000));
    const body = JSON.stringify({ events: events.slice(0, eventsInBatch) });
    return { method: 'POST', path: '/v1/agent/events', headers, body };
  });
  const free = await eventsPerSecond('dev/bench/agent-log/bare-door.ts', requests, seconds);
  const durable = await eventsPerSecond('lib/edge/v1/main.ts', requests, seconds);
  const what = `events of agents in batches of ${eventsInBatch}`;
  const bytes = Math.round((requests[0]?.body?.length ?? 0) / eventsInBatch);
  return [
    { what: `the door without storage, ${what}`, value: free, unit: '/s' },
    {
      what: `the door, durable ${what}`,
      value: durable,
      unit: '/s',
      ratio: `${(durable / free).toFixed(2)} of without storage; ${bytes} bytes an event`,
    },
  ];
}
