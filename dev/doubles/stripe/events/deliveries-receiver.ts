/** A webhook endpoint for tests: keeps what it was sent, answers as it is told to. */
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

export type Received = { body: string; signature: string; id: string; type: string; atMs: number };

export type Receiver = {
  url: string;
  received: Received[];
  /** Status of each answer, in turn; the last one stays. */
  answerWith: (...statuses: number[]) => void;
  /** Waits until so many came. Throws after 10 s. */
  until: (count: number) => Promise<Received[]>;
  close: () => Promise<void>;
};

/** Listens on a free port of loopback. */
export async function receiver(): Promise<Receiver> {
  const received: Received[] = [];
  let statuses = [200];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      const { id, type } = JSON.parse(body) as { id: string; type: string };
      received.push({ body, signature: String(request.headers['stripe-signature']), id, type, atMs: Date.now() });
      response.writeHead((statuses.length > 1 ? statuses.shift() : statuses[0]) ?? 200).end();
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}/hook`,
    received,
    answerWith: (...given) => {
      statuses = given;
    },
    until: async count => {
      const end = Date.now() + 10_000;
      while (received.length < count) {
        if (Date.now() > end) throw new Error(`${received.length} of ${count} deliveries came.`);
        await sleep(20);
      }
      return received;
    },
    close: () =>
      new Promise(resolve => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
