/** A request that names nobody is of the session and the developer that another span of its trace names, and stays the same row. */
import { expect, test } from 'vitest';
import { spanOwners } from '@/lib/domains/agent-log/collect/spans/span-owner';
import { normalizeBody } from '@/lib/domains/traces/collect/normalize-body';
import samples from '@/lib/domains/traces/normalize/samples/otlp.json';
import { decodeOtlp } from '@/lib/domains/traces/otlp/decode';
import { type Attributes, newSpan, type OtlpSpan } from '@/lib/domains/traces/otlp/span';

const facts = { receivedAt: new Date('2026-11-27T12:00:00Z'), repoSlug: null };
const rowsOf = (spans: OtlpSpan[]) => normalizeBody({ form: 'otlp', spans }, facts).rows;
const namesOf = (spans: OtlpSpan[]) => rowsOf(spans).map(row => [row.session_id, row.developer_id]);

const startMs = Date.UTC(2026, 10, 27, 9);
const chat = { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'gpt-4o' };
const agent = { 'gen_ai.operation.name': 'invoke_agent' };
const spanWith = (attributes: Attributes, more: Partial<OtlpSpan> = {}): OtlpSpan => ({
  ...newSpan({ 'service.name': 'shop-agent' }),
  traceId: 'a'.repeat(32),
  startMs,
  endMs: startMs + 20,
  attributes,
  ...more,
});

test('what Python’s exporter sends has the session and the developer that the agent log has of it', () => {
  const spans = decodeOtlp(Buffer.from(samples.pythonProtobuf, 'base64'), 'protobuf');
  const rows = rowsOf(spans);
  expect(rows.map(row => row.developer_id)).toEqual(['dev@example.com', 'dev@example.com']);
  const owners = spanOwners(spans);
  for (const row of rows) {
    const owner = owners[spans.findIndex(({ spanId }) => spanId === row.span_id)];
    expect(owner).toEqual({ session: row.session_id, user: row.developer_id });
  }
});

test('its own names come before those of its trace, the first that names one counts, and other traces say nothing', () => {
  const named = spanWith({ ...agent, 'session.id': 's-1', 'user.email': 'mia@acme.io' });
  const later = spanWith({ ...agent, 'session.id': 's-2', 'user.email': 'jo@acme.io' });
  const own = spanWith({ ...chat, 'session.id': 'own' });
  const alone = spanWith(chat, { traceId: 'b'.repeat(32) });
  expect(namesOf([spanWith(chat), named, own, alone, later])).toEqual([
    ['s-1', 'mia@acme.io'],
    ['own', 'mia@acme.io'],
    [null, null],
  ]);
});

test('the program and the trace’s id are neither developer nor session, and spans without a trace have nothing in common', () => {
  expect(namesOf([spanWith(chat)])).toEqual([[null, null]]);
  const [bare, other] = [chat, { ...agent, 'session.id': 's', 'user.email': 'mia@acme.io' }].map(attributes =>
    spanWith(attributes, { traceId: '' }),
  );
  expect(namesOf([bare!, other!])).toEqual([[null, null]]);
});

test('a span is the same row whatever came with it', () => {
  const named = spanWith({ ...agent, 'session.id': 's-1', 'user.email': 'mia@acme.io' });
  const [[together], [alone]] = [rowsOf([spanWith(chat), named]), rowsOf([spanWith(chat)])];
  expect(together).toEqual({ ...alone, session_id: 's-1', developer_id: 'mia@acme.io' });
});
