/** Which repository an agent worked on is told of its session, whether or not a commit of it was named. */
import { beforeAll, expect, test } from 'vitest';
import { chatEvent, insertAgentRows } from '@/dev/testing/agent-log/agent-rows';
import { createWorld, type World } from '@/dev/testing/world';
import type { JsonObject } from '@/lib/domains/agent-log/events';
import { listSessions, listSessionsInput } from '@/lib/domains/agent-log/sessions/list-sessions';
import { addDays, utcDay } from '@/lib/platform/clock';

const at = new Date(`${addDays(utcDay(new Date()), -1)}T00:00:00Z`);
const shop = 'https://github.com/acme/shop';
const tools = 'https://github.com/acme/tools';
const commit_hash = 'ab'.repeat(20);

let world: World;
beforeAll(async () => {
  world = await createWorld();
  const event = (session_id: string, metadata: JsonObject) => chatEvent({ at, session_id, metadata });
  await insertAgentRows(world, {
    chat_events: [
      event('without a commit', { repo_url: shop }),
      event('with one', { repo_url: tools }),
      event('with one', { repo_url: shop, commit_hash }),
      event('without either', {}),
    ],
  });
});

test('a session names its repository without a commit too; where one is named, the repository is that of the commit', async () => {
  const { sessions } = await listSessions(world.as('VIEWER'), listSessionsInput.parse({ days: 7 }));
  expect(Object.fromEntries(sessions.map(one => [one.session_id, [one.repo_url, one.commit_hash]]))).toEqual({
    'without a commit': [shop, null],
    'with one': [shop, commit_hash],
    'without either': [null, null],
  });
});
