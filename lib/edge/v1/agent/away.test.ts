/** What cannot be made durable is never called taken, and what is too much at once is told to wait. */
import { beforeAll, expect, test } from 'vitest';
import { caller, customerKey } from '@/dev/testing/data-plane';
import { createWorld } from '@/dev/testing/world';
import { fromWebRequest, toWebResponse } from '@/lib/edge/http/web-request';
import { createAnswerAgent } from '@/lib/edge/v1/agent/answer-agent';
import { agentEventsRoute } from '@/lib/edge/v1/agent/routes';
import { roomOf } from '@/lib/edge/v1/bulk/body-room';
import { errorsOf } from '@/lib/edge/v1/openapi-document';
import { AppError } from '@/lib/platform/errors';
import { newUuid } from '@/lib/platform/ids';

let key: { id: string; text: string };
beforeAll(async () => {
  key = await customerKey(await createWorld());
});

const message = () => ({
  event_id: newUuid(),
  event_timestamp: new Date().toISOString(),
  session_id: 's',
  user_id: 'u',
  event_type: 'message_sent',
});

function sender(append: () => Promise<void>) {
  const answerAgent = createAnswerAgent({ append });
  const call = caller(async (input, init) =>
    toWebResponse((await answerAgent(fromWebRequest(new Request(input as string, init)))) as never),
  );
  return () => call('/v1/agent/events', { method: 'POST', key: key.text, json: [message()] });
}

test('while the log is away: 503 with Retry-After', async () => {
  const answer = await sender(async () => {
    throw new AppError('database_unavailable', 'The database is not reachable.', { retryAfterSeconds: 5 });
  })();
  expect([answer.status, answer.json.code, answer.headers.get('retry-after')]).toEqual([
    503,
    'database_unavailable',
    '5',
  ]);
  expect(errorsOf(agentEventsRoute)).toContain('database_unavailable');
});

test('the answer waits for the log', async () => {
  let isDurable = false;
  const answer = await sender(async () => {
    await new Promise(resolve => setTimeout(resolve, 50));
    isDurable = true;
  })();
  expect([answer.status, isDurable]).toEqual([200, true]);
});

test('bodies beyond the room of a key: 429 with Retry-After, and room is given back', async () => {
  const send = sender(async () => undefined);
  const room = roomOf(key.id);
  room.take(64 * 1_048_576);
  const answer = await send();
  expect([answer.status, answer.json.code, answer.headers.get('retry-after')]).toEqual([429, 'rate_limited', '1']);
  room.free();
  for (let sent = 0; sent < 3; sent++) expect((await send()).status).toBe(200);
});
