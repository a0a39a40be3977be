/** The pipeline of calls that take events over a log in memory, for tests of what it answers. */
import type { Sender } from '@/lib/domains/events/collect/sender';
import type { EdgeAnswer } from '@/lib/edge/http/message';
import { fromWebRequest } from '@/lib/edge/http/web-request';
import { type CollectDoor, createAnswerCollect } from '@/lib/edge/v1/collect/answer-collect';
import { newUuid } from '@/lib/platform/ids';
import type { NewEntry } from '@/lib/warehouse/ingest/log/log';

export type Sent = { method?: string; body?: BodyInit; headers?: Record<string, string>; key?: string | null };

/** A door with one source, whose write key is `good`, and what it has let through. */
export function openDoor(source: Partial<Sender> = {}, door: Partial<CollectDoor> = {}) {
  const entries: NewEntry[] = [];
  const sender: Sender = {
    sourceId: newUuid(),
    customerId: newUuid(),
    isEnabled: true,
    redactsIp: false,
    allowedOrigins: [],
    requestsPerSecond: 1_000,
    ...source,
  };
  const answerCollect = createAnswerCollect({
    senderOf: async key => (key === 'good' ? sender : null),
    mayTakeEvents: async () => null,
    append: async entry => entries.push(entry),
    ...door,
  });
  const send = async (path: string, { method = 'POST', body, headers = {}, key = 'good' }: Sent = {}) => {
    const basic: Record<string, string> = key === null ? {} : { authorization: `Basic ${btoa(`${key}:`)}` };
    const request = new Request(`http://data-plane${path}`, { method, body, headers: { ...basic, ...headers } });
    const answered = (await answerCollect(fromWebRequest(request))) as EdgeAnswer;
    const text = String(answered.body);
    const json = text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
    return { ...answered, body: text, json };
  };
  return { send, entries, sender, answerCollect };
}
