/** What the demo saved can be run, and what it tells of the past adds up. */
import { eq } from 'drizzle-orm';
import { afterAll, expect, test } from 'vitest';
import { demoQueries, seedDesk } from '@/dev/seed/desk';
import { dropDesks } from '@/dev/testing/desk/desk';
import { createWorld, type World } from '@/dev/testing/world';
import { listQueries } from '@/lib/domains/desk/history/list-queries';
import { estimateQuery } from '@/lib/domains/desk/run/estimate-query';
import { listSavedQueries } from '@/lib/domains/desk/saved/saved-queries';
import { deskDays, deskQueries } from '@/lib/domains/desk/tables';
import { db } from '@/lib/platform/db';

const worlds: World[] = [];
afterAll(() => dropDesks(worlds));

test('every saved query of the demo is let through, and reads the tables that it says', async () => {
  const world = await createWorld();
  worlds.push(world);
  for (const { name, sql, tables } of demoQueries) {
    const estimate = await estimateQuery(world.as('OWNER'), { sql });
    expect([name, estimate.tables.map(table => table.name)]).toEqual([name, tables]);
  }
});

test('whoever may query has a past, and its days billed what its queries did', async () => {
  const world = await createWorld();
  await seedDesk(world.customer, new Date());
  for (const role of ['OWNER', 'ADMIN', 'COLLABORATOR'] as const)
    expect((await listQueries(world.as(role), { limit: 100 })).queries.length, role).toBeGreaterThan(5);
  expect((await listSavedQueries(world.as('OWNER'), {})).length).toBe(demoQueries.length);
  const queries = await db().select().from(deskQueries).where(eq(deskQueries.customerId, world.customerId));
  const days = await db().select().from(deskDays).where(eq(deskDays.customerId, world.customerId));
  const billed = queries.reduce((sum, { bytesBilled }) => sum + (bytesBilled ?? 0), 0);
  expect(days.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(billed);
  expect(days.reduce((sum, day) => sum + day.queries, 0)).toBe(queries.length);
});
