/** Many requests at the same moment: each on a connection of its own, all sent before the first answer is awaited. */
import { Agent, request } from 'node:http';

export type Answered = { status: number; body: string; sentAt: number; answeredAt: number };
export type Shot = { url: string; key: string; body: object; headers?: Record<string, string> };

/** Sends one POST over the agent; a connection that breaks answers status 0. */
export const shoot = (agent: Agent, { url, key, body, headers }: Shot): Promise<Answered> =>
  send(agent, url, JSON.stringify(body), {
    authorization: `Bearer ${key}`,
    'content-type': 'application/json',
    ...headers,
  });

/** POSTs a text as it is. */
export function send(agent: Agent, url: string, text: string, headers: Record<string, string>): Promise<Answered> {
  const sentAt = performance.now();
  return new Promise(resolve => {
    const failed = (error: Error) => resolve({ status: 0, body: error.message, sentAt, answeredAt: performance.now() });
    const outgoing = request(
      url,
      {
        agent,
        method: 'POST',
        headers: { 'content-length': Buffer.byteLength(text), ...headers },
      },
      incoming => {
        const parts: Buffer[] = [];
        incoming.on('data', (part: Buffer) => parts.push(part));
        incoming.on('end', () =>
          resolve({
            status: incoming.statusCode ?? 0,
            body: Buffer.concat(parts).toString(),
            sentAt,
            answeredAt: performance.now(),
          }),
        );
        incoming.on('error', failed);
      },
    );
    outgoing.on('error', failed);
    outgoing.end(text);
  });
}

/** Sends all at once and waits for every answer. */
export async function burst(shots: Shot[]): Promise<Answered[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY });
  try {
    return await Promise.all(shots.map(shot => shoot(agent, shot)));
  } finally {
    agent.destroy();
  }
}

/** How often each status was answered, as `201: 1000, 429: 9000`. */
export function statuses(answers: Answered[]): string {
  const counts = Map.groupBy(answers, answer => answer.status);
  return [...counts]
    .sort(([a], [b]) => a - b)
    .map(([status, all]) => `${status}: ${all.length}`)
    .join(', ');
}
