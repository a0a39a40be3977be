/** What stands between a client and the data plane: it notes each request and its answer, and may answer 503 itself. */
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';

/** An event as it was sent, as far as tests look at it. */
export type SentEvent = {
  eventType: string;
  run: { runId: string; facets?: Record<string, unknown> };
  job: { namespace: string; name: string };
};
export type Passed = { status: number | 'cut'; encoding: string | null; events: SentEvent[] };

export type LineageProxy = {
  url: string;
  /** All since the last `begin`, in the order of their answers. */
  passed: Passed[];
  /** Forgets what passed; answers the next `busy` requests by 503, as a data plane does that cannot take them. */
  begin: (busy?: number) => void;
  /** Is called after each request. */
  onPassed: (told: ((passed: Passed[]) => void) | null) => void;
  close: () => Promise<void>;
};

function eventsIn(body: Buffer, encoding: string | null): SentEvent[] {
  const plain = encoding === 'gzip' ? gunzipSync(body) : body;
  return plain.length > 0 ? [JSON.parse(plain.toString())].flat() : [];
}

/** Where the data plane cannot be reached, the client's connection is cut, as its own would be. */
function pass(incoming: IncomingMessage, body: Buffer, port: number, outgoing: ServerResponse) {
  return new Promise<number | 'cut'>(resolve => {
    const { method, url: path, headers } = incoming;
    const cut = () => {
      outgoing.destroy();
      resolve('cut');
    };
    const onward = request({ host: '127.0.0.1', port, method, path, headers }, answer => {
      text(answer).then(said => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers).end(said);
        resolve(answer.statusCode ?? 502);
      }, cut);
    });
    onward.on('error', cut).end(body);
  });
}

/** Leads to the data plane at that port. */
export async function openProxy(port: number): Promise<LineageProxy> {
  let passed: Passed[] = [];
  let busy = 0;
  let tell: ((passed: Passed[]) => void) | null = null;
  const server = createServer((incoming, outgoing) => {
    const parts: Buffer[] = [];
    incoming.on('data', part => parts.push(part));
    incoming.on('end', async () => {
      const body = Buffer.concat(parts);
      const encoding = incoming.headers['content-encoding'] ?? null;
      const refused = busy > 0;
      if (refused) {
        busy -= 1;
        outgoing.writeHead(503, { 'retry-after': '1' }).end();
      }
      const status = refused ? 503 : await pass(incoming, body, port, outgoing);
      if (incoming.method === 'POST') passed.push({ status, encoding, events: eventsIn(body, encoding) });
      tell?.(passed);
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get passed() {
      return passed;
    },
    begin: (requests = 0) => {
      passed = [];
      busy = requests;
      tell = null;
    },
    onPassed: told => {
      tell = told;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    },
  };
}
