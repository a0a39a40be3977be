/** The door for AI traces over HTTP: arrays of LiteLLM's records, durable, beside the same route without storage. */
import { startChild } from '@/dev/bench/children';
import { createCustomers } from '@/dev/bench/fixtures';
import { type LoadRequest, load } from '@/dev/bench/load';
import type { Line } from '@/dev/bench/report';
import samples from '@/lib/domains/traces/normalize/samples/litellm.json';

const customerCount = 20;
const recordsInArray = 100;
const connections = 8;

const record = samples['success-openai-gpt-4o'];

/** As recorded of LiteLLM, each with a time and a count of its own. */
const array = (index: number): string =>
  JSON.stringify(
    Array.from({ length: recordsInArray }, (_, item) => {
      const startTime = record.startTime + index + item / recordsInArray;
      return { ...record, startTime, endTime: startTime + 0.5, prompt_tokens: 10 + item };
    }),
  );

async function rowsPerSecond(module: string, requests: LoadRequest[], seconds: number): Promise<number> {
  const child = await startChild(module, {});
  try {
    const found = await load(child.url, requests, { connections, seconds });
    if (found.failed > 0) throw new Error(`${found.failed} of the calls that send traces failed`);
    return found.perSecond * recordsInArray;
  } finally {
    await child.stop();
  }
}

/** Lines of the table; on the database of the environment. */
export async function traceDoorLines(seconds: number): Promise<Line[]> {
  const customers = await createCustomers(customerCount);
  const requests = customers.map(({ key }, index): LoadRequest => {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    return { method: 'POST', path: '/v1/traces', headers, body: array(index) };
  });
  const free = await rowsPerSecond('dev/bench/traces/bare-door.ts', requests, seconds);
  const durable = await rowsPerSecond('lib/edge/v1/main.ts', requests, seconds);
  const what = `records of LiteLLM in arrays of ${recordsInArray}`;
  return [
    { what: `the door without storage, ${what}`, value: free, unit: '/s' },
    {
      what: `the door, durable ${what}`,
      value: durable,
      unit: '/s',
      ratio: `${(durable / free).toFixed(2)} of without storage; ${Math.round((requests[0]?.body?.length ?? 0) / recordsInArray)} bytes a record`,
    },
  ];
}
