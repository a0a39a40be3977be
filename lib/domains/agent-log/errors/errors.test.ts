/** Which errors are one kind: those that differ only in what stands in quotes. */
import { expect, test } from 'vitest';
import { chatEvent, insertAgentRows } from '@/dev/testing/agent-log/agent-rows';
import { createWorld } from '@/dev/testing/world';
import { listErrors, listErrorsInput } from '@/lib/domains/agent-log/errors/errors';

test('errors that differ in quoted names are one kind, and an apostrophe is no quote', async () => {
  const world = await createWorld();
  const at = new Date(Date.now() - 60_000);
  const messages = [
    ...["KeyError: 'alpha'", "KeyError: 'beta'", "KeyError: 'it''s'"],
    ...['relation "a" has no column `b`', 'relation "c" has no column `d`'],
    ...["can't read the users' table 'a'", "can't read the users' table 'b'"],
  ];
  await insertAgentRows(world, {
    chat_events: messages.map(error_message => chatEvent({ at, event_type: 'error', metadata: { error_message } })),
  });
  const { errors } = await listErrors(world.as('VIEWER'), listErrorsInput.parse({ days: 7 }));
  expect(errors.map(({ kind, errors: count }) => [kind, count])).toEqual([
    ['KeyError: …', 3],
    ["can't read the users' table …", 2],
    ['relation … has no column …', 2],
  ]);
});
