import { beforeAll, describe, expect, test } from 'vitest';
import { chatEvent, insertAgentRows } from '@/dev/testing/agent-log/agent-rows';
import { createWorld, type World } from '@/dev/testing/world';
import { errorsCsv, listErrors, listErrorsInput } from '@/lib/domains/agent-log/errors/errors';
import {
  type ListedSession,
  listSessions,
  listSessionsInput,
  readSession,
  sessionsCsv,
} from '@/lib/domains/agent-log/sessions/list-sessions';
import {
  daysOfSession,
  listSessionEvents,
  type SessionEvent,
  sessionInput,
} from '@/lib/domains/agent-log/sessions/session-events';
import { listSnapshots, listSnapshotsInput, snapshotsCsv } from '@/lib/domains/agent-log/snapshots/snapshots';
import { listRunningTools } from '@/lib/domains/agent-log/tools/running-tools';
import { listToolDays, listTools, listToolsInput, toolsCsv } from '@/lib/domains/agent-log/tools/tools';
import { addDays, utcDay } from '@/lib/platform/clock';

const today = utcDay(new Date());
const at = (daysAgo: number, ms = 0) => new Date(Date.parse(`${addDays(today, -daysAgo)}T00:00:00Z`) + ms);
const lines = async (pieces: AsyncIterable<string>) => (await Array.fromAsync(pieces)).join('').trim().split('\r\n');
const commit = 'ab'.repeat(20);
const repository = { repo_url: 'https://github.com/acme/shop', commit_hash: commit };

type Call = { id: string; tool: string; start?: Date; end?: Date; status?: string; error?: string; more?: object };
/** The events of one call of a tool. */
const call = ({ id, tool, start, end, status = 'success', error, more = {} }: Call, session = 'session-1') => {
  const metadata = { execution_id: id, tool_name: tool, ...more };
  const ended = { ...metadata, status, ...(error ? { error_message: error } : {}), bytes_billed: 1_000_000 };
  return [
    ...(start ? [chatEvent({ at: start, session_id: session, event_type: 'tool_start', metadata })] : []),
    ...(end ? [chatEvent({ at: end, session_id: session, event_type: 'tool_end', metadata: ended })] : []),
  ];
};

let world: World;
beforeAll(async () => {
  world = await createWorld();
  const used = { model: 'gpt-4o', tokens_in: 100, tokens_out: 20, cost_usd: 0.25 };
  await insertAgentRows(world, {
    chat_events: [
      chatEvent({ at: at(2), content: 'What did we sell?', metadata: { ...used, ...repository } }),
      ...call({ id: 'a', tool: 'bq_query', start: at(2, 1_000), end: at(2, 3_000), more: repository }),
      ...call({ id: 'b', tool: 'bq_query', start: at(2, 4_000), end: at(2, 5_000) }),
      ...call({
        ...{ id: 'c', tool: 'bq_query', start: at(2, 6_000), end: at(2, 16_000), status: 'failure' },
        error: 'Table 17 not found',
      }),
      ...call({ id: 'open', tool: 'crawl', start: at(2, 17_000) }, 'session-2'),
      // The same execution id in another session is another call.
      ...call({ id: 'a', tool: 'crawl', end: at(1, 500), status: 'failure', error: 'Table 18 not found' }, 'session-2'),
      ...call({ id: 'night', tool: 'crawl', start: at(4, -1_000), end: at(4, 2_000) }, 'session-3'),
      chatEvent({
        ...{ at: at(1), session_id: 'session-2', user_id: 'jo@example.com', event_type: 'error' },
        metadata: { error_message: 'The model is overloaded' },
      }),
      chatEvent({ at: at(200), session_id: 'long-ago' }),
    ],
    repo_snapshots: [
      {
        ...repository,
        indexed_at: at(3).toISOString(),
        file_count: 812,
        total_tokens: 90_000,
        vector_index_path: null,
      },
      {
        ...{ repo_url: 'https://github.com/acme/app', commit_hash: 'cd'.repeat(20), indexed_at: at(9).toISOString() },
        ...{ file_count: null, total_tokens: null, vector_index_path: 'gs://index/app' },
      },
    ],
  });
});

describe('tools', () => {
  const list = (asked: object = {}) => listTools(world.as('VIEWER'), listToolsInput.parse(asked));

  test('come with the most used first, their failures, times and bytes', async () => {
    const { tools, state } = await list();
    expect(state).toBe('current');
    expect(tools.map(({ tool_name, calls }) => [tool_name, calls])).toEqual([
      ['bq_query', 3],
      ['crawl', 3],
    ]);
    expect(tools[0]).toMatchObject({ failures: 1, ended: 3, p50_ms: 2_000, p95_ms: 10_000, bytes_billed: 3_000_000 });
    expect(tools[0]).toMatchObject({ last_error: 'Table 17 not found', users: 1, without_start: 0 });
    expect(tools[1]).toMatchObject({ ended: 2, failures: 1, without_start: 1, last_error: 'Table 18 not found' });
  });

  test('are sorted by what is slowest, fails most or is billed most', async () => {
    const names = async (sort: string, dir?: string) =>
      (await list({ sort, ...(dir ? { dir } : {}) })).tools.map(({ tool_name }) => tool_name);
    expect(await names('p95')).toEqual(['bq_query', 'crawl']);
    expect(await names('p95', 'asc')).toEqual(['crawl', 'bq_query']);
    expect(await names('failures')).toEqual(['crawl', 'bq_query']);
    expect(await names('bytes')).toEqual(['bq_query', 'crawl']);
  });

  test('a call over midnight counts once, on the day of its start, and keeps its time', async () => {
    const night = await list({ from: addDays(today, -5), to: addDays(today, -5) });
    expect(night.tools).toMatchObject([{ tool_name: 'crawl', calls: 1, ended: 1, p50_ms: 3_000 }]);
    expect((await list({ from: addDays(today, -4), to: addDays(today, -4) })).tools).toEqual([]);
  });

  test('of each day calls and failures are counted, days without a call included', async () => {
    const { byDay } = await listToolDays(world.as('VIEWER'), { days: 7 });
    expect(byDay.map(({ calls, failures, not_ended }) => [calls, failures, not_ended])).toEqual([
      ...[
        [0, 0, 0],
        [1, 0, 0],
        [0, 0, 0],
        [0, 0, 0],
        [4, 1, 1],
        [1, 1, 0],
        [0, 0, 0],
      ],
    ]);
  });

  test('a call without an end runs for a day, then its end was not reported', async () => {
    const { calls } = await listRunningTools(world.as('VIEWER'), {});
    expect(calls).toMatchObject([
      { session_id: 'session-2', execution_id: 'open', tool_name: 'crawl', running: false },
    ]);
    const early = { ...world.as('VIEWER'), clock: () => at(2, 60_000) };
    expect((await listRunningTools(early, {})).calls).toMatchObject([{ execution_id: 'open', running: true }]);
  });

  test('become a file', async () => {
    expect(await lines(toolsCsv((await list()).tools))).toHaveLength(3);
  });
});

describe('sessions', () => {
  const list = (asked: object = {}) => listSessions(world.as('VIEWER'), listSessionsInput.parse(asked));
  const ids = (sessions: ListedSession[]) => sessions.map(({ session_id }) => session_id);

  test('come with the last active first and what they used', async () => {
    const { sessions, nextCursor } = await list();
    expect(ids(sessions)).toEqual(['session-2', 'session-1', 'session-3']);
    expect(sessions[1]).toMatchObject({ events: 7, messages: 1, tool_calls: 3, failures: 1, tokens: 120, users: 1 });
    expect(sessions[1]).toMatchObject({ cost_usd: 0.25, bytes_billed: 3_000_000, ...repository });
    expect(sessions[0]).toMatchObject({ errors: 1, users: 2, cost_usd: null, last_at: at(1, 500) });
    expect(nextCursor).toBeNull();
  });

  test.each([
    [{ q: 'ESSION-3' }, ['session-3']],
    [{ q: 'jo@' }, ['session-2']],
    [{ user: 'mia@example.com' }, ['session-2', 'session-1', 'session-3']],
    [{ tool: 'bq_query' }, ['session-1']],
    [{ errors: '1' }, ['session-2', 'session-1']],
    [{ snapshot: commit }, ['session-1']],
    [{ from: addDays(today, -200), to: addDays(today, -200) }, ['long-ago']],
    [{ q: 'nobody' }, []],
  ])('are narrowed by %o', async (asked, expected) => {
    expect(ids((await list(asked)).sessions)).toEqual(expected);
  });

  test('have the figures of all their events in these days, whatever the filter, and of no day before', async () => {
    const found = { session_id: 'session-2', tool_calls: 2, events: 3, first_at: at(2, 17_000) };
    expect((await list({ q: 'jo@' })).sessions).toMatchObject([found]);
    const days = { from: addDays(today, -1), to: today };
    expect((await list(days)).sessions).toMatchObject([{ ...found, tool_calls: 1, events: 2, first_at: at(1) }]);
  });

  test('page by page none is missing and none comes twice', async () => {
    const seen: ListedSession[] = [];
    let after: string | undefined;
    do {
      const page = await list({ limit: 1, ...(after ? { after } : {}) });
      seen.push(...page.sessions);
      after = page.nextCursor ?? undefined;
    } while (after);
    expect(seen).toEqual((await list()).sessions);
    expect(await lines(sessionsCsv(world.as('VIEWER'), listSessionsInput.parse({})))).toHaveLength(4);
  });

  test('one is read by its id, and another customer’s is not there', async () => {
    const days = daysOfSession(world.as('VIEWER'), undefined);
    expect(await readSession(world.as('VIEWER'), 'session-1', days)).toMatchObject({ events: 7 });
    expect(await readSession(world.as('VIEWER'), 'session-9', days)).toBeUndefined();
    const other = await createWorld();
    expect(await readSession(other.as('OWNER'), 'session-1', days)).toBeUndefined();
  });
});

describe('events of a session', () => {
  const list = (asked: object) => listSessionEvents(world.as('VIEWER'), sessionInput.parse(asked));
  const told = ({ event_type, execution_id }: SessionEvent) => [event_type, execution_id];

  test('come in time; both events of a call say when it started and how it ended', async () => {
    const { events, nextCursor } = await list({ id: 'session-1', day: today });
    expect(events.map(told)).toEqual([
      ...[
        ['message_sent', null],
        ['tool_start', 'a'],
        ['tool_end', 'a'],
        ['tool_start', 'b'],
        ['tool_end', 'b'],
      ],
      ...[
        ['tool_start', 'c'],
        ['tool_end', 'c'],
      ],
    ]);
    for (const event of events.slice(5))
      expect(event).toMatchObject({
        ...{ status: 'failure', error_message: 'Table 17 not found', bytes_billed: 1_000_000 },
        ...{ started_at: at(2, 6_000), ended_at: at(2, 16_000) },
      });
    expect(nextCursor).toBeNull();
  });

  test('say what was said only where it is asked for', async () => {
    const [hidden] = (await list({ id: 'session-1' })).events;
    expect(hidden).toMatchObject({ has_content: true, content: null });
    expect(JSON.stringify(hidden)).not.toContain('sell');
    const [shown] = (await list({ id: 'session-1', content: '1' })).events;
    expect(JSON.parse(shown?.content ?? '')).toBe('What did we sell?');
    expect(JSON.parse(shown?.metadata ?? '')).toMatchObject({ model: 'gpt-4o' });
  });

  test('a start without an end and an end without a start stand as they are', async () => {
    const { events } = await list({ id: 'session-2' });
    expect(events).toMatchObject([
      { event_type: 'tool_start', execution_id: 'open', ended_at: null, status: null },
      { event_type: 'error', error_message: 'The model is overloaded' },
      { event_type: 'tool_end', execution_id: 'a', started_at: null, status: 'failure' },
    ]);
  });
});

test('errors that differ in numbers are one kind, by tool, the most frequent first', async () => {
  const { errors } = await listErrors(world.as('VIEWER'), listErrorsInput.parse({}));
  expect(errors.map(({ tool_name, kind, errors: count }) => [tool_name, kind, count])).toEqual([
    ['crawl', 'Table … not found', 1],
    ['', 'The model is overloaded', 1],
    ['bq_query', 'Table … not found', 1],
  ]);
  expect(errors[0]).toMatchObject({ message: 'Table 18 not found', last_session: 'session-2', users: 1, sessions: 1 });
  const ofTool = await listErrors(world.as('VIEWER'), listErrorsInput.parse({ tool: 'bq_query' }));
  expect(ofTool.errors).toHaveLength(1);
  expect(await lines(errorsCsv(errors))).toHaveLength(4);
});

test('snapshots come with the newest first and with who worked on them', async () => {
  const list = (asked: object = {}) => listSnapshots(world.as('VIEWER'), listSnapshotsInput.parse(asked));
  const { snapshots } = await list();
  expect(snapshots).toMatchObject([
    { commit_hash: commit, file_count: 812, sessions: 1, tool_calls: 1 },
    { vector_index_path: 'gs://index/app', sessions: 0, tool_calls: 0, last_used_at: null },
  ]);
  expect((await list({ q: 'acme/app' })).snapshots).toHaveLength(1);
  expect((await list({ q: 'abab' })).snapshots).toHaveLength(1);
  const first = await list({ limit: 1 });
  expect((await list({ limit: 1, after: first.nextCursor ?? '' })).snapshots).toEqual(snapshots.slice(1));
  expect(await lines(snapshotsCsv(world.as('VIEWER'), listSnapshotsInput.parse({})))).toHaveLength(3);
});

test('a customer without an agent log has empty lists', async () => {
  const ctx = (await createWorld()).as('VIEWER');
  expect((await listTools(ctx, listToolsInput.parse({}))).tools).toEqual([]);
  expect((await listSessions(ctx, listSessionsInput.parse({}))).sessions).toEqual([]);
  expect((await listErrors(ctx, listErrorsInput.parse({}))).errors).toEqual([]);
  expect((await listSnapshots(ctx, listSnapshotsInput.parse({}))).snapshots).toEqual([]);
});

test('pages of snapshots lose none, also where two repositories have one commit and were indexed at one moment', async () => {
  const forks = await createWorld();
  const snapshot = { commit_hash: commit, indexed_at: at(1).toISOString(), file_count: 1, total_tokens: 1 };
  const urls = ['a', 'b', 'c'].map(name => `https://github.com/acme/${name}`);
  await insertAgentRows(forks, {
    repo_snapshots: urls.map(repo_url => ({ ...snapshot, repo_url, vector_index_path: null })),
  });
  const seen: string[] = [];
  for (let after: string | undefined, left = 5; left > 0; left--) {
    const page = await listSnapshots(forks.as('VIEWER'), listSnapshotsInput.parse({ limit: 1, after }));
    seen.push(...page.snapshots.map(({ repo_url }) => repo_url));
    if (page.nextCursor === null) break;
    after = page.nextCursor;
  }
  expect(seen).toEqual(urls);
});
