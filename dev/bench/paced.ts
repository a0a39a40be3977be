/** Signed webhooks sent at an even pace, whatever the answers take. */
import { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { send } from '@/dev/prove/burst';

export type Signed = { body: string; signature: string };
export type Delivered = { status: number; ms: number };

/** One webhook by node:http, which costs the sender little. */
async function post(agent: Agent, url: string, { body, signature }: Signed): Promise<Delivered> {
  const { status, sentAt, answeredAt } = await send(agent, url, body, {
    'content-type': 'application/json; charset=utf-8',
    'stripe-signature': signature,
  });
  return { status, ms: answeredAt - sentAt };
}

/** Each webhook once, evenly over the time, as many at once as are unanswered. */
export async function paced(url: string, events: Signed[], perSecond: number): Promise<Delivered[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: 256 });
  const startedAt = performance.now();
  const sent: Promise<Delivered>[] = [];
  while (sent.length < events.length) {
    const due = Math.floor(((performance.now() - startedAt) * perSecond) / 1_000);
    for (const event of events.slice(sent.length, due)) sent.push(post(agent, url, event));
    await sleep(1);
  }
  const answers = await Promise.all(sent);
  agent.destroy();
  return answers;
}
