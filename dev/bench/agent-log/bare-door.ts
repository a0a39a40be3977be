/** POST /v1/agent/events as it is served, with nothing kept: what the door is measured beside. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { EdgeAnswer } from '@/lib/edge/http/message';
import { createAnswerAgent } from '@/lib/edge/v1/agent/answer-agent';
import { edgeRequest, send } from '@/lib/edge/v1/node-server';

const answerAgent = createAnswerAgent({ append: async () => undefined });

const server = createServer((incoming, outgoing) => {
  const answered = answerAgent(edgeRequest(incoming, outgoing)) as Promise<EdgeAnswer>;
  void answered.then(answer => send(incoming, outgoing, answer));
});
server.listen(0, '127.0.0.1', () => console.log(JSON.stringify({ port: (server.address() as AddressInfo).port })));
