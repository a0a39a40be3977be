import { beforeAll, describe, expect, test } from 'vitest';
import { insertSource, insertTable, type TestSource } from '@/dev/testing/events/sources';
import { createWorld, type World } from '@/dev/testing/world';
import { listChanges } from '@/lib/domains/events/schema-reads/list-changes';
import { listTables } from '@/lib/domains/events/schema-reads/list-tables';
import { readTable } from '@/lib/domains/events/schema-reads/read-table';

describe('the schema of a source', () => {
  let world: World;
  let source: TestSource;
  const monday = new Date('2026-03-02T10:00:00.000Z');
  const tuesday = new Date('2026-03-03T10:00:00.000Z');
  beforeAll(async () => {
    world = await createWorld();
    source = await insertSource(world);
    await insertTable(source, 'tracks', { id: 'STRING', event: 'STRING' }, monday);
    await insertTable(source, 'order_completed', { id: 'STRING', revenue: 'FLOAT64', paid: 'BOOL' }, tuesday);
  });
  const viewer = () => world.as('VIEWER');

  test('lists the tables by name with how many columns each has, page by page', async () => {
    const first = await listTables(viewer(), { limit: '1' }, source.sourceId);
    expect(first).toMatchObject({
      dataset: source.dataset,
      tables: [{ name: 'order_completed', columns: 3, rows_loaded: 3, last_loaded_at: tuesday }],
    });
    const second = await listTables(viewer(), { limit: '1', after: first.nextCursor }, source.sourceId);
    expect(second).toMatchObject({ tables: [{ name: 'tracks', columns: 2 }], nextCursor: null });
  });

  test('finds tables by a part of the name, where _ and % are plain signs', async () => {
    const names = async (q: string) =>
      (await listTables(viewer(), { q }, source.sourceId)).tables.map(({ name }) => name);
    expect(await names('ORDER_')).toEqual(['order_completed']);
    expect(await names('track_')).toEqual([]);
    expect(await names('%')).toEqual([]);
  });

  test('shows one table with the type of each column', async () => {
    expect(await readTable(viewer(), { table: 'order_completed' }, source.sourceId)).toMatchObject({
      columns: [
        { name: 'id', type: 'STRING', first_seen_at: tuesday },
        { name: 'paid', type: 'BOOL' },
        { name: 'revenue', type: 'FLOAT64' },
      ],
    });
    await expect(readTable(viewer(), { table: 'nothing' }, source.sourceId)).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  test('tells changes newest first, of all tables or of one', async () => {
    const pages: string[] = [];
    let after: string | undefined;
    do {
      const page = await listChanges(viewer(), { limit: '4', after }, source.sourceId);
      pages.push(...page.changes.map(({ table, kind, column }) => `${table} ${kind} ${column}`));
      after = page.nextCursor ?? undefined;
    } while (after);
    expect(pages).toHaveLength(7);
    expect(pages.slice(0, 4).every(text => text.startsWith('order_completed'))).toBe(true);
    expect(new Set(pages).size).toBe(7);
    const one = await listChanges(viewer(), { table: 'tracks' }, source.sourceId);
    expect(one.changes.map(({ table }) => table)).toEqual(['tracks', 'tracks', 'tracks']);
  });

  test('is not there for another customer, nor for what is no id', async () => {
    const stranger = (await createWorld()).as('OWNER');
    const missing = { code: 'not_found' };
    for (const [ctx, id] of [
      [stranger, source.sourceId],
      [viewer(), 'src_unknown'],
      [viewer(), '\ud800'],
    ] as const) {
      await expect(listTables(ctx, {}, id)).rejects.toMatchObject(missing);
      await expect(readTable(ctx, { table: 'tracks' }, id)).rejects.toMatchObject(missing);
      await expect(listChanges(ctx, {}, id)).rejects.toMatchObject(missing);
    }
  });

  test('a cursor that is not ours is refused', async () => {
    for (const after of ['nonsense', Buffer.from('{"at":1}').toString('base64url')]) {
      await expect(listTables(viewer(), { after }, source.sourceId)).rejects.toMatchObject({ code: 'invalid_cursor' });
      await expect(listChanges(viewer(), { after }, source.sourceId)).rejects.toMatchObject({ code: 'invalid_cursor' });
    }
  });
});
