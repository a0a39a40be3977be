import { expect, test } from 'vitest';
import { eventName, eventRows, eventStatus, isFailure, shownEvents } from '@/app/(portal)/agent-log/_parts/event-rows';
import { bytesWords, failureWords } from '@/app/(portal)/agent-log/_parts/log-words';
import type { SessionEvent } from '@/lib/domains/agent-log/sessions/session-events';

const at = (seconds: number) => new Date(Date.UTC(2030, 0, 1, 0, 0, seconds));
const event = (id: string, change: Partial<SessionEvent> = {}): SessionEvent => ({
  ...{ event_id: id, event_timestamp: at(0), at_us: 0, session_id: 's', user_id: 'u', event_type: 'tool_start' },
  ...{ execution_id: 'x', tool_name: 'bq_query', status: null, error_message: null, bytes_billed: null },
  ...{ started_at: at(0), ended_at: null, has_content: false, content: null, metadata: null, client_info: null },
  ...change,
});
const alone = (shown: SessionEvent) => ({ event: shown, end: null });
const ended = { status: 'failure', ended_at: at(5) } as const;

test('a call is one row from its start to its end', () => {
  const start = event('start', ended);
  const end = event('end', { ...ended, event_type: 'tool_end', event_timestamp: at(5) });
  const shown = shownEvents([start, end]);
  expect(shown).toEqual([{ event: start, end }]);
  expect(shown.filter(isFailure)).toHaveLength(1);
  expect(eventRows(shown, at(9))).toMatchObject([{ id: 'start', status: 'failed', durationMs: 5_000, open: true }]);
});

test('a call of milliseconds has its length like any other', () => {
  const short = event('start', { status: 'success', ended_at: new Date(at(0).getTime() + 18) });
  expect(eventRows([{ event: short, end: null }], at(9))).toMatchObject([{ durationMs: 18, isInstant: false }]);
});

test('an end stands alone where its start was not reported or is on an earlier page, and says so', () => {
  const lonely = event('end', { ...ended, event_type: 'tool_end', started_at: null });
  const later = event('end', { ...ended, event_type: 'tool_end' });
  expect(eventRows(shownEvents([lonely]), at(9))[0]?.note).toBe('no start was reported');
  expect(eventRows(shownEvents([later]), at(9))[0]?.note).toBe('its start is on an earlier page');
});

test('a call without an end runs for a day, then no end was reported', () => {
  expect(eventStatus(event('start'), at(60))).toBe('running');
  expect(eventStatus(event('start'), at(90_000))).toBe('no_end');
});

test('messages and errors are named as such', () => {
  expect(eventName(event('m', { event_type: 'message_sent', tool_name: null }))).toBe('Message');
  expect(eventName(event('e', { event_type: 'error' }))).toBe('Error in bq_query');
});

test('a request to a model is a bar up to when it ended, with its cost; the axis begins with the first of all', () => {
  const message = (id: string, seconds: number, metadata: object | null) =>
    event(id, {
      ...{ event_type: 'message_sent', event_timestamp: at(seconds), started_at: null },
      metadata: metadata && JSON.stringify(metadata),
    });
  const thought = message('m', 4, { model: 'gpt-4o', tokens_in: 900, cost_usd: 0.002, latency_ms: 3_000 });
  const rows = eventRows(shownEvents([thought, event('call', { event_timestamp: at(5), ended_at: at(6) })]), at(9));
  expect(rows[0]).toMatchObject({ startMs: 0, durationMs: 3_000, isInstant: false });
  expect(rows[0]?.note).toBe('gpt-4o · 900 tokens · $0.0020');
  expect(rows[1]).toMatchObject({ startMs: 4_000, durationMs: 1_000 });
  const [short, none] = eventRows([message('s', 4, { latency_ms: 40 }), message('n', 5, null)].map(alone), at(9));
  expect(short).toMatchObject({ durationMs: 40, isInstant: false });
  expect(none).toMatchObject({ startMs: 1_040, durationMs: 0, isInstant: true });
});

test('figures are written as people read them', () => {
  expect([0, 512, 1_572_864, 214_748_364_800].map(bytesWords)).toEqual([
    ...['–', '512\u00a0B', '1.5\u00a0MiB', '200\u00a0GiB'],
  ]);
  expect(failureWords({ failures: 0, ended: 3 })).toBe('0\u00a0%');
  expect(failureWords({ failures: 0, ended: 0 })).toBe('–');
});
