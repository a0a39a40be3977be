/** What the door is measured beside: `parse` reads a body and parses it, `door` is the same route with nothing kept. */
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { EdgeAnswer } from '@/lib/edge/http/message';
import { createAnswerCollect } from '@/lib/edge/v1/collect/answer-collect';
import { edgeRequest, send } from '@/lib/edge/v1/node-server';

const taken = '{"success":true}';

const parse: RequestListener = (incoming, outgoing) => {
  const parts: Buffer[] = [];
  incoming.on('data', (part: Buffer) => parts.push(part));
  incoming.on('end', () => {
    JSON.parse(Buffer.concat(parts).toString('utf8'));
    outgoing.writeHead(200, { 'content-type': 'application/json', 'content-length': taken.length });
    outgoing.end(taken);
  });
};

const source = {
  sourceId: 'src_bench',
  customerId: 'cus_bench',
  isEnabled: true,
  redactsIp: false,
  allowedOrigins: [],
  requestsPerSecond: 1_000_000,
};
const answerCollect = createAnswerCollect({
  senderOf: async () => source,
  mayTakeEvents: async () => null,
  append: async () => undefined,
});
const door: RequestListener = (incoming, outgoing) => {
  const answered = answerCollect(edgeRequest(incoming, outgoing)) as Promise<EdgeAnswer>;
  void answered.then(answer => send(incoming, outgoing, answer));
};

const server = createServer(process.env.BENCH_DOOR === 'parse' ? parse : door);
server.listen(0, '127.0.0.1', () => console.log(JSON.stringify({ port: (server.address() as AddressInfo).port })));
