/** The list of tables, of whose columns only the open one's are read. */
import { expect, test } from 'vitest';
import { readTables } from '@/app/(portal)/desk/_parts/tables/read-tables';
import { postgresAnswers } from '@/dev/testing/desk/postgres-answers';
import { insertSource, insertTable } from '@/dev/testing/events/sources';
import { createWorld } from '@/dev/testing/world';
import { eventTableName } from '@/lib/domains/desk/catalog/event-tables';
import { fixedTables } from '@/lib/domains/desk/catalog/fixed-tables';

test('columns of no other table are read than of the one that is open, and how many there are is told of all', async () => {
  const world = await createWorld();
  const source = await insertSource(world);
  // The desk shows no column of that type.
  await insertTable(source, 'opened', { id: 'STRING', of_the_open: 'STRING', hidden: 'GEOGRAPHY' as 'STRING' });
  await insertTable(source, 'closed', { id: 'STRING', of_the_closed: 'STRING', more: 'INT64' });
  await insertTable(source, 'without', { hidden: 'GEOGRAPHY' as 'STRING' });
  const named = (table: string) => eventTableName(source.dataset, table);
  const ctx = world.as('COLLABORATOR');
  const answers = postgresAnswers();
  const { fixed, events } = await readTables(ctx, named('opened'));
  for (const { rows } of answers) expect(rows).not.toContain('of_the_closed');
  expect(fixed).toHaveLength(fixedTables().length);
  expect(events).toMatchObject({
    count: 2,
    found: 2,
    listed: [
      { name: named('closed'), columnCount: 3 },
      { name: named('opened'), columnCount: 2 },
    ],
    open: { name: named('opened'), columns: [{ name: 'id' }, { name: 'of_the_open' }] },
  });
  answers.length = 0;
  expect((await readTables(ctx, 'CLOS')).events).toMatchObject({ count: 2, found: 1, open: null });
  for (const { rows } of answers) expect(rows).not.toContain('of_the_');
});
