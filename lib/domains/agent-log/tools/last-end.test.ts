/** A call whose end was told twice, as by a retry under one id, ended as its last end says: on every page and in the view. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { askAgentLog, chatEvent, dropAgentLogs, recordAndLoad } from '@/dev/testing/agent-log/record';
import { createWorld, type World } from '@/dev/testing/world';
import { instantText } from '@/lib/domains/agent-log/chain/times';
import { listErrors, listErrorsInput } from '@/lib/domains/agent-log/errors/errors';
import { listSessions, listSessionsInput } from '@/lib/domains/agent-log/sessions/list-sessions';
import { listSessionEvents, sessionInput } from '@/lib/domains/agent-log/sessions/session-events';
import { listToolDays, listTools, listToolsInput } from '@/lib/domains/agent-log/tools/tools';
import { addDays, utcDay } from '@/lib/platform/clock';

const yesterday = addDays(utcDay(new Date()), -1);
const midnight = Date.parse(`${yesterday}T00:00:00Z`);
const end = (execution_id: string, ms: number, more: object) =>
  chatEvent({
    ...{ session_id: execution_id, event_type: 'tool_end', event_timestamp: instantText(new Date(midnight + ms)) },
    metadata: { execution_id, tool_name: execution_id, ...more },
  });
const failure = { status: 'failure', error_message: 'boom' };
const success = { status: 'success', error_message: null };

let world: World;
beforeAll(async () => {
  world = await createWorld();
  await recordAndLoad(world, [
    // Ids of calls pair within a session, so this one has ends of its own.
    { ...end('mended', 9_000, { ...failure, bytes_billed: 1 }), session_id: 'another' },
    end('mended', 1_000, { ...failure, bytes_billed: 2_000 }),
    end('mended', 2_000, { ...success, bytes_billed: 1_000 }),
    end('broken', 1_000, { ...success, bytes_billed: 2_000 }),
    end('broken', 2_000, { ...failure, bytes_billed: null }),
    end('at night', -1_000, failure),
    end('at night', 1_000, success),
  ]);
});
afterAll(() => dropAgentLogs([world]));

const days = { from: addDays(yesterday, -1), to: yesterday };

test('Tools count its failure and its bytes by the last end', async () => {
  const { tools } = await listTools(world.as('VIEWER'), listToolsInput.parse(days));
  expect(Object.fromEntries(tools.map(tool => [tool.tool_name, tool]))).toMatchObject({
    mended: { calls: 2, failures: 1, bytes_billed: 1_001 },
    broken: { calls: 1, failures: 1, bytes_billed: 0, last_error: 'boom' },
    'at night': { calls: 1, failures: 0, last_error: null },
  });
  const { byDay } = await listToolDays(world.as('VIEWER'), days);
  expect(byDay.map(({ calls, failures }) => [calls, failures])).toEqual([
    [0, 0],
    [4, 2],
  ]);
});

test('Sessions count its failure and its bytes by the last end', async () => {
  const list = async (asked: object) =>
    (await listSessions(world.as('VIEWER'), listSessionsInput.parse({ ...days, ...asked }))).sessions;
  const figures = (await list({})).map(session => [
    session.session_id,
    [session.tool_calls, session.failures, session.bytes_billed],
  ]);
  expect(Object.fromEntries(figures)).toEqual({
    another: [1, 1, 1],
    mended: [1, 0, 1_000],
    broken: [1, 1, 0],
    'at night': [1, 0, 0],
  });
  const failed = await list({ errors: '1' });
  expect(failed.map(({ session_id }) => session_id).sort()).toEqual(['another', 'broken']);
});

test.each([
  ['mended', { status: 'success', error_message: null, bytes_billed: 1_000 }],
  ['broken', { status: 'failure', error_message: 'boom', bytes_billed: null }],
])('the session says it at both of the ends: %s', async (id, said) => {
  const { events } = await listSessionEvents(world.as('VIEWER'), sessionInput.parse({ id }));
  const ended_at = new Date(midnight + 2_000);
  expect(events).toMatchObject([
    { ...said, ended_at },
    { ...said, ended_at },
  ]);
});

test('Errors name those alone whose last end failed, also where it came the day after', async () => {
  const of = async (asked: object) => {
    const { errors } = await listErrors(world.as('VIEWER'), listErrorsInput.parse({ ...days, ...asked }));
    return errors.map(({ tool_name, errors: count }) => [tool_name, count]).sort();
  };
  const failed = [
    ['broken', 1],
    ['mended', 1],
  ];
  expect(await of({})).toEqual(failed);
  expect(await of({ to: days.from })).toEqual([]);
});

test('the view has one row a call, as its last end says', async () => {
  const sql = `SELECT tool_name, status, error_message, bytes_billed FROM agent.tool_executions
    ORDER BY tool_name, bytes_billed`;
  expect(await askAgentLog(world, sql)).toEqual([
    { tool_name: 'at night', ...success, bytes_billed: null },
    { tool_name: 'broken', ...failure, bytes_billed: null },
    { tool_name: 'mended', ...failure, bytes_billed: 1 },
    { tool_name: 'mended', ...success, bytes_billed: 1_000 },
  ]);
});
