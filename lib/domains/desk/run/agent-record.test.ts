/** A key's query is a tool execution in the agent log, masked as events that are sent; a person's query is none. */

import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { keptAgentLog } from '@/dev/testing/agent-log/kept';
import { dropDesks, keyCtx } from '@/dev/testing/desk/desk';
import { createWorld, type World } from '@/dev/testing/world';
import { leastBytes } from '@/lib/domains/desk/rules';
import { recordQuery } from '@/lib/domains/desk/run/record-query';
import { runQuery } from '@/lib/domains/desk/run/run-query';
import { deskQueries } from '@/lib/domains/desk/tables';
import { createKey } from '@/lib/domains/keys/commands';
import type { CustomerCtx } from '@/lib/kernel/ctx';
import { utcDay } from '@/lib/platform/clock';
import { db } from '@/lib/platform/db';
import { ingestLog } from '@/lib/warehouse/ingest/log/ingest-log';

let world: World;
let agent: CustomerCtx;
let keyId: string;
beforeAll(async () => {
  world = await createWorld();
  const { result } = await createKey(world.system, { name: 'nightly agent', scopes: ['desk:query'] });
  keyId = result.key.api_key_id;
  agent = keyCtx(world, { id: keyId });
});
afterAll(() => dropDesks([world]));

const kept = async (queryId: string) =>
  (await keptAgentLog(world.customerId)).rows.filter(
    ({ metadata }) => (metadata as { execution_id?: string } | null)?.execution_id === queryId,
  );
const row = async (queryId: string) => {
  const [query] = await db().select().from(deskQueries).where(eq(deskQueries.queryId, queryId));
  if (!query) throw new Error('there is no such query');
  return query;
};

test('a query of a key is the start and the end of a tool, with the bytes that it billed and without its text', async () => {
  const { queryId, sql } = await runQuery(
    agent,
    { sql: "SELECT sha, 'mia@example.com' AS note FROM commits" },
    { door: 'mcp', session: 'session-of-the-agent' },
  );
  expect(sql).toContain('mia@example.com');
  const [start, end, ...others] = await kept(queryId);
  expect(others).toEqual([]);
  const common = { session_id: 'session-of-the-agent', user_id: 'key:nightly agent' };
  expect(start).toMatchObject({
    ...common,
    event_type: 'tool_start',
    metadata: { tool_name: 'run_query', execution_id: queryId, asked_via: 'mcp', tables: ['commits'] },
  });
  expect(end).toMatchObject({
    ...common,
    event_type: 'tool_end',
    metadata: { status: 'success', bytes_billed: leastBytes, error_message: null, latency_ms: expect.any(Number) },
  });
  for (const part of ['mia@example.com', 'SELECT']) expect(JSON.stringify([start, end])).not.toContain(part);
});

test('without a session of its own it is in one of the key and day', async () => {
  const { queryId } = await runQuery(agent, { sql: 'SELECT 1 AS one' }, { door: 'api' });
  const [start] = await kept(queryId);
  expect(start?.session_id).toBe(`desk-${keyId}-${utcDay(new Date())}`);
});

test.each([
  ['blank', '  ', /^desk-/],
  ['with half a character', 'x\ud800', /^x\ufffd$/],
  ['with a NUL', 'a\0b', /^a\ufffdb$/],
  ['longer than ids are', `${'s'.repeat(255)}\u{1f600}${'t'.repeat(44)}`, /^s{255}\ufffd$/],
])('a session that is %s keeps no query out of the log', async (_, session, keptAs) => {
  const { queryId } = await runQuery(agent, { sql: 'SELECT 4 AS four' }, { door: 'mcp', session });
  const sessions = (await kept(queryId)).map(({ session_id }) => session_id);
  expect(sessions).toEqual([expect.stringMatching(keptAs), expect.stringMatching(keptAs)]);
});

test('where the log refuses a query under its session, it is recorded under the one of key and day', async () => {
  const log = ingestLog('agent-log');
  const append = vi.spyOn(log, 'append').mockRejectedValueOnce(new Error('refused'));
  try {
    const { queryId } = await runQuery(agent, { sql: 'SELECT 5 AS five' }, { door: 'mcp', session: 'chat-8' });
    const sessions = (await kept(queryId)).map(({ session_id }) => session_id);
    expect(sessions).toEqual(Array(2).fill(`desk-${keyId}-${utcDay(new Date())}`));
  } finally {
    append.mockRestore();
  }
});

test('a query of a person is none', async () => {
  const { queryId } = await runQuery(world.as('OWNER'), { sql: 'SELECT 1 AS one' }, { door: 'portal' });
  expect(await kept(queryId)).toEqual([]);
});

test('an event that is appended twice keeps its ids, so that it is recorded once', async () => {
  const { queryId } = await runQuery(agent, { sql: 'SELECT 2 AS two' }, { door: 'api' });
  await recordQuery(await row(queryId));
  const ids = (await kept(queryId)).map(({ event_id }) => event_id);
  expect(ids).toHaveLength(4);
  expect(new Set(ids).size).toBe(2);
});

test('a log that is away fails no query; it is tried again once', async () => {
  const log = ingestLog('agent-log');
  const append = vi.spyOn(log, 'append').mockRejectedValue(new Error('away'));
  try {
    const answer = await runQuery(agent, { sql: 'SELECT 3 AS three' }, { door: 'api' });
    expect(answer.rows).toEqual([{ three: 3 }]);
    expect(append).toHaveBeenCalledTimes(2);
  } finally {
    append.mockRestore();
  }
});
