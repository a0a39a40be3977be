/** What a snapshot counts of the sessions that worked on it, however they write its repository. */
import { expect, test } from 'vitest';
import { chatEvent, insertAgentRows } from '@/dev/testing/agent-log/agent-rows';
import { createWorld } from '@/dev/testing/world';
import { listSessions, listSessionsInput } from '@/lib/domains/agent-log/sessions/list-sessions';
import { listSnapshots, listSnapshotsInput } from '@/lib/domains/agent-log/snapshots/snapshots';

const hourMs = 3_600_000;
const at = new Date(Date.now() - hourMs);
const indexed = { indexed_at: new Date(Date.now() - 24 * hourMs).toISOString(), file_count: 1, total_tokens: 1 };
const commit_hash = 'ab'.repeat(20);
const snapshot = (repo_url: string) => ({ ...indexed, repo_url, commit_hash, vector_index_path: null });

test.each([
  'https://github.com/acme/shop',
  'https://github.com/acme/shop.git',
  'https://token@github.com/acme/shop/',
  'ssh://git@github.com:22/acme/shop.git',
  'git@github.com:acme/shop.git',
  'acme/shop',
])('of sessions that name their calls alike and the repository as %s a snapshot counts each', async repo_url => {
  const world = await createWorld();
  const metadata = { repo_url, commit_hash, execution_id: 'call_1', tool_name: 'bq_query', status: 'success' };
  const other = { ...metadata, execution_id: 'of no call of a tool' };
  await insertAgentRows(world, {
    chat_events: [
      ...['s-1', 's-2', 's-3'].flatMap(session_id =>
        (['tool_start', 'tool_end'] as const).map(event_type => chatEvent({ at, session_id, event_type, metadata })),
      ),
      chatEvent({ at, session_id: 's-3', metadata: other }),
    ],
    repo_snapshots: ['https://github.com/acme/shop', 'https://github.com/acme/shopping'].map(snapshot),
  });
  const { snapshots } = await listSnapshots(world.as('VIEWER'), listSnapshotsInput.parse({}));
  expect(snapshots).toMatchObject([
    { repo_url: 'https://github.com/acme/shop', sessions: 3, tool_calls: 3 },
    { sessions: 0, tool_calls: 0 },
  ]);
  const { sessions } = await listSessions(world.as('VIEWER'), listSessionsInput.parse({}));
  expect(sessions.map(({ tool_calls }) => tool_calls)).toEqual([1, 1, 1]);
});
