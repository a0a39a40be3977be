/** A history is one's own: newest first, by pages that miss none and repeat none. */
import { expect, test } from 'vitest';
import { keyCtx } from '@/dev/testing/desk/desk';
import { insertDeskQuery } from '@/dev/testing/desk/queries';
import { createWorld } from '@/dev/testing/world';
import { listQueries } from '@/lib/domains/desk/history/list-queries';
import { encodeCursor } from '@/lib/kernel/paging';

test('queries are listed once each, the last one first, also those of one instant', async () => {
  const world = await createWorld();
  const owner = world.as('OWNER');
  const startedAt = new Date();
  const made: string[] = [];
  for (let index = 0; index < 7; index++) {
    const at = new Date(startedAt.getTime() - (index >> 1) * 1_000);
    made.push((await insertDeskQuery(world, { status: 'FAILED', startedAt: at })).queryId);
  }
  const seen: string[] = [];
  let after: string | undefined;
  do {
    const { queries, next } = await listQueries(owner, { limit: 2, after });
    seen.push(...queries.map(({ queryId }) => queryId));
    after = next ?? undefined;
  } while (after !== undefined);
  expect([...seen].sort()).toEqual([...made].sort());
  const { queries } = await listQueries(owner, {});
  expect(queries.map(({ queryId }) => queryId)).toEqual(seen);
  const times = queries.map(query => query.startedAt.getTime());
  expect(times).toEqual([...times].sort((a, b) => b - a));
});

test('nobody sees another’s: neither a colleague, nor a key, nor a stranger', async () => {
  const [world, stranger] = [await createWorld(), await createWorld()];
  const key = keyCtx(world, { id: 'key_of_acme' });
  const { queryId } = await insertDeskQuery(world, { status: 'FAILED' });
  const ofKey = await insertDeskQuery(world, { status: 'FAILED' }, key);
  for (const ctx of [world.as('ADMIN'), stranger.as('OWNER')]) expect((await listQueries(ctx, {})).queries).toEqual([]);
  expect((await listQueries(world.as('OWNER'), {})).queries.map(query => query.queryId)).toEqual([queryId]);
  expect((await listQueries(key, {})).queries.map(query => query.queryId)).toEqual([ofKey.queryId]);
  await expect(listQueries(world.as('VIEWER'), {})).rejects.toMatchObject({ code: 'forbidden' });
});

test('a cursor that is none of ours is refused', async () => {
  const owner = (await createWorld()).as('OWNER');
  const at = new Date().toISOString();
  const wrong = [
    'nonsense',
    '\ud800',
    encodeCursor([]),
    encodeCursor({ at, id: 'a\0b' }),
    encodeCursor({ at: '0', id: 'a' }),
  ];
  for (const after of wrong)
    await expect(listQueries(owner, { after }), after).rejects.toMatchObject({ code: 'invalid_cursor' });
});
