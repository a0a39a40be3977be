/** Events as they are sent: what is taken is in one form, what is not is named by its first problem. */
import { expect, test } from 'vitest';
import { values } from '@/dev/testing/odd-input';
import { normalizeEvent } from '@/lib/domains/agent-log/collect/normalize-event';
import { normalizeSnapshot } from '@/lib/domains/agent-log/collect/normalize-snapshot';
import { agentProblems } from '@/lib/domains/agent-log/rules';

const now = new Date('2026-03-10T12:00:00.000Z');
const sound = {
  event_id: '7D9F0C1E-5B1A-4C1E-9A55-0F7A1F6F2B10',
  event_timestamp: '2026-03-10T13:00:00.123456789+02:00',
  session_id: ' s-1 ',
  user_id: 'mia@acme.io',
  event_type: 'message_sent',
};
const tool = { ...sound, event_type: 'tool_end', metadata: { execution_id: 'x', tool_name: 't', status: 'success' } };

const taken = (item: unknown) => {
  const found = normalizeEvent(item, now);
  if ('problem' in found) throw new Error(JSON.stringify(found.problem));
  return found.row;
};
const problem = (item: unknown) => {
  const found = normalizeEvent(item, now);
  return 'problem' in found ? [found.problem.code, found.problem.field] : 'taken';
};

test('an event is taken in one form: small letters, UTC with microseconds, null for what was not sent', () => {
  expect(taken(sound)).toEqual({
    event_id: '7d9f0c1e-5b1a-4c1e-9a55-0f7a1f6f2b10',
    event_timestamp: '2026-03-10T11:00:00.123456Z',
    session_id: 's-1',
    user_id: 'mia@acme.io',
    event_type: 'message_sent',
    content: null,
    metadata: null,
    client_info: null,
  });
});

test.each([
  ['2026-03-10T11:00:00Z', '2026-03-10T11:00:00.000000Z'],
  ['2026-03-10t11:00:00.5z', '2026-03-10T11:00:00.500000Z'],
  ['2026-03-10 11:00:00.1234567+00:00', '2026-03-10T11:00:00.123456Z'],
  ['2026-03-10T11:00+0000', '2026-03-10T11:00:00.000000Z'],
  ['2026-03-09T23:59:60Z', '2026-03-10T00:00:00.000000Z'],
])('the time %s is %s', (sent, kept) => expect(taken({ ...sound, event_timestamp: sent }).event_timestamp).toBe(kept));

test('keys of the end of a tool are there, and others of metadata stay as they are', () => {
  const metadata = {
    execution_id: ' x ',
    tool_name: 't',
    status: 'failure',
    own: [1, { a: null }],
    commit_hash: 'ABC',
  };
  expect(taken({ ...tool, metadata }).metadata).toEqual({
    execution_id: 'x',
    tool_name: 't',
    status: 'failure',
    error_message: null,
    bytes_billed: null,
    own: [1, { a: null }],
    commit_hash: 'abc',
  });
});

test('content is any JSON, up to 256 kB', () => {
  for (const content of ['text', 0, false, null, [], {}, { a: [{ b: 'é' }] }])
    expect(taken({ ...sound, content }).content).toEqual(content);
  expect(taken({ ...sound, content: 'x'.repeat(256 * 1_024 - 2) }).content).toHaveLength(256 * 1_024 - 2);
  expect(problem({ ...sound, content: 'x'.repeat(256 * 1_024 - 1) })).toEqual(['too_large', 'content']);
  expect(problem({ ...sound, content: 'é'.repeat(128 * 1_024) })).toEqual(['too_large', 'content']);
});

test('names that JavaScript knows otherwise are names like others', () => {
  const content = JSON.parse('{"__proto__":{"a":1},"constructor":1}') as object;
  const metadata = JSON.parse('{"__proto__":{"a":1}}') as object;
  const row = taken({ ...sound, content, metadata });
  expect(JSON.stringify([row.content, row.metadata])).toBe(
    '[{"__proto__":{"a":1},"constructor":1},{"__proto__":{"a":1}}]',
  );
});

const without = (name: string): object => Object.fromEntries(Object.entries(sound).filter(([key]) => key !== name));
const withMetadata = (more: object) => ({ ...tool, metadata: { ...tool.metadata, ...more } });
const deep = (levels: number): unknown => JSON.parse(`${'['.repeat(levels)}${']'.repeat(levels)}`);
const refusals: [sentence: string, item: unknown, code: keyof typeof agentProblems, field: string][] = [
  ['no object', 7, 'not_an_object', ''],
  ['a list', [sound], 'not_an_object', ''],
  ['null', null, 'not_an_object', ''],
  ['an id that is missing', without('event_id'), 'missing', 'event_id'],
  ['an id that is null', { ...sound, event_id: null }, 'missing', 'event_id'],
  ['a time that is missing', without('event_timestamp'), 'missing', 'event_timestamp'],
  ['a kind that is missing', without('event_type'), 'missing', 'event_type'],
  ['a UUID of version 1', { ...sound, event_id: 'c232ab00-9414-11ec-b3c8-9f6bdeced846' }, 'not_uuid4', 'event_id'],
  ['no UUID', { ...sound, event_id: 'e-1' }, 'not_uuid4', 'event_id'],
  ['another kind', { ...sound, event_type: 'thought' }, 'unknown_event_type', 'event_type'],
  ['a kind in capitals', { ...sound, event_type: 'ERROR' }, 'unknown_event_type', 'event_type'],
  ['a number for the kind', { ...sound, event_type: 1 }, 'unknown_event_type', 'event_type'],
  ['a time without an offset', { ...sound, event_timestamp: '2026-03-10T11:00:00' }, 'not_a_time', 'event_timestamp'],
  ['a day', { ...sound, event_timestamp: '2026-03-10' }, 'not_a_time', 'event_timestamp'],
  ['a day that no month has', { ...sound, event_timestamp: '2026-02-30T00:00:00Z' }, 'not_a_time', 'event_timestamp'],
  ['a time in words', { ...sound, event_timestamp: 'yesterday' }, 'not_a_time', 'event_timestamp'],
  ['a number for a time', { ...sound, event_timestamp: 1_772_359_200 }, 'wrong_type', 'event_timestamp'],
  ['more than an hour ahead', { ...sound, event_timestamp: '2026-03-10T13:00:01Z' }, 'ahead', 'event_timestamp'],
  ['a day that was deleted', { ...sound, event_timestamp: '2025-03-10T23:59:59Z' }, 'too_old', 'event_timestamp'],
  ['an empty session', { ...sound, session_id: '' }, 'too_long', 'session_id'],
  ['a session of spaces', { ...sound, session_id: '  ' }, 'too_long', 'session_id'],
  ['a user that is too long', { ...sound, user_id: 'x'.repeat(257) }, 'too_long', 'user_id'],
  ['a number for a user', { ...sound, user_id: 7 }, 'wrong_type', 'user_id'],
  ['an unknown field', { ...sound, note: 1 }, 'unknown_field', 'note'],
  ['metadata that is a list', { ...sound, metadata: [] }, 'wrong_type', 'metadata'],
  ['client_info that is text', { ...sound, client_info: '1.2.3.4' }, 'wrong_type', 'client_info'],
  ['a tool event without metadata', { ...sound, event_type: 'tool_start' }, 'missing', 'metadata.execution_id'],
  ['a tool without a name', withMetadata({ tool_name: undefined }), 'missing', 'metadata.tool_name'],
  ['an end without a status', withMetadata({ status: undefined }), 'missing', 'metadata.status'],
  ['another status', withMetadata({ status: 'ok' }), 'not_a_status', 'metadata.status'],
  ['an execution of spaces', withMetadata({ execution_id: ' ' }), 'too_long', 'metadata.execution_id'],
  ['bytes that are not whole', withMetadata({ bytes_billed: 1.5 }), 'not_whole', 'metadata.bytes_billed'],
  ['bytes below zero', withMetadata({ bytes_billed: -1 }), 'negative', 'metadata.bytes_billed'],
  ['more bytes than a double holds', withMetadata({ bytes_billed: 1e300 }), 'not_whole', 'metadata.bytes_billed'],
  ['bytes as text', withMetadata({ bytes_billed: '1' }), 'wrong_type', 'metadata.bytes_billed'],
  ['a duration below zero', withMetadata({ latency_ms: -0.5 }), 'negative', 'metadata.latency_ms'],
  ['a long message', withMetadata({ error_message: 'x'.repeat(2_001) }), 'too_long', 'metadata.error_message'],
  ['large metadata', withMetadata({ own: 'x'.repeat(33_000) }), 'too_large', 'metadata'],
  ['large client_info', { ...sound, client_info: { a: 'x'.repeat(33_000) } }, 'too_large', 'client_info'],
  ['a NUL', { ...sound, content: { a: ['x\0'] } }, 'not_storable', 'content.a.0'],
  ['half a character', { ...sound, session_id: 'x\ud800' }, 'not_storable', 'session_id'],
  ['a number beyond a double', { ...sound, content: JSON.parse('[1e999]') }, 'not_storable', 'content.0'],
  ['a name with a NUL', { ...sound, content: { 'a\0': 1 } }, 'not_storable', 'content'],
  ['101 levels', { ...sound, content: deep(101) }, 'too_deep', 'content'],
  ['5,000 levels', { ...sound, content: deep(5_000) }, 'too_deep', 'content'],
];
test.each(refusals)('%s', (_, item, code, field) => expect(problem(item)).toEqual([code, field]));

test('100 levels, an hour ahead and the oldest day are taken', () => {
  expect(problem({ ...sound, content: deep(100) })).toBe('taken');
  expect(problem({ ...sound, event_timestamp: '2026-03-10T13:00:00Z' })).toBe('taken');
  expect(problem({ ...sound, event_timestamp: '2025-03-11T00:00:00Z' })).toBe('taken');
});

test('a secret in the place of a name is not repeated', () => {
  expect(problem({ ...sound, 'sk-ant-abcdefghijklmnop': 1 })).toEqual(['unknown_field', '[secret]']);
});

const paths = [...Object.keys(tool), 'client_info', 'content', 'unknown', ...['execution_id', 'tool_name', 'status']];
test('each field with each odd value is taken or refused by a known code, and never throws', () => {
  for (const path of paths)
    for (const value of values) {
      const odd: unknown = JSON.parse(value);
      for (const item of [
        { ...tool, [path]: odd },
        withMetadata({ [path]: odd }),
        { ...tool, content: { [path]: odd } },
      ]) {
        const found = normalizeEvent(item, now);
        if ('problem' in found) expect(agentProblems).toHaveProperty(found.problem.code);
        else expect(JSON.stringify(found.row).isWellFormed()).toBe(true);
      }
    }
});

const snapshot = {
  repo_url: ' https://github.com/acme/shop ',
  commit_hash: 'A'.repeat(40),
  indexed_at: '2020-01-01T00:00:00+01:00',
};
test('a snapshot is taken in one form, however old', () => {
  expect(normalizeSnapshot(snapshot, now)).toEqual({
    row: {
      repo_url: 'https://github.com/acme/shop',
      commit_hash: 'a'.repeat(40),
      indexed_at: '2019-12-31T23:00:00.000000Z',
      file_count: null,
      total_tokens: null,
      vector_index_path: null,
    },
  });
});

test.each([
  ['not_an_object', '', null],
  ['missing', 'repo_url', { ...snapshot, repo_url: undefined }],
  ['not_a_commit', 'commit_hash', { ...snapshot, commit_hash: 'main' }],
  ['not_a_time', 'indexed_at', { ...snapshot, indexed_at: 'now' }],
  ['ahead', 'indexed_at', { ...snapshot, indexed_at: '2026-03-10T13:00:01Z' }],
  ['not_whole', 'file_count', { ...snapshot, file_count: 0.5 }],
  ['negative', 'total_tokens', { ...snapshot, total_tokens: -1 }],
  ['too_long', 'repo_url', { ...snapshot, repo_url: ' ' }],
  ['too_long', 'vector_index_path', { ...snapshot, vector_index_path: '' }],
  ['unknown_field', 'branch', { ...snapshot, branch: 'main' }],
  ['not_storable', 'vector_index_path', { ...snapshot, vector_index_path: 'gs://a\0' }],
])('a snapshot is refused by %s of “%s”', (code, field, item) =>
  expect(normalizeSnapshot(item, now)).toEqual({ problem: { code, field } }),
);
