import { beforeAll, describe, expect, test } from 'vitest';
import { insertSource, type TestSource } from '@/dev/testing/events/sources';
import { createWorld, type World } from '@/dev/testing/world';
import { listUserEvents } from '@/lib/domains/events/history/user-events';
import { runStatement } from '@/lib/platform/bigquery/bigquery';

describe('what a user did', () => {
  let world: World;
  let source: TestSource;
  beforeAll(async () => {
    world = await createWorld();
    source = await insertSource(world);
    const run = (sql: string) => runStatement({ name: 'test', sql, parameters: {}, labels: {} });
    await run(`CREATE SCHEMA \`${source.dataset}\``);
    await run(`CREATE TABLE \`${source.dataset}.tracks\` (id STRING, event_text STRING, user_id STRING,
      anonymous_id STRING, timestamp TIMESTAMP, received_at TIMESTAMP, loaded_at TIMESTAMP)`);
    const row = (id: string, name: string, user: string, day: string, loaded = day) =>
      `('${id}', '${name}', ${user}, 'visitor-1', TIMESTAMP '${day} 10:00:00', TIMESTAMP '${day} 10:00:01', TIMESTAMP '${loaded} 10:01:00')`;
    await run(`INSERT INTO \`${source.dataset}.tracks\` VALUES
      ${row('m-1', 'Signed Up', "'mia'", '2026-03-01')},
      ${row('m-2', 'Order Completed', "'mia'", '2026-03-02')},
      ${row('m-2', 'Order Completed', "'mia'", '2026-03-02', '2026-03-03')},
      ${row('m-3', 'Viewed', 'NULL', '2026-03-02')},
      ${row('m-4', 'Order Completed', "'jo'", '2026-03-02')},
      ${row('m-5', 'Long Ago', "'mia'", '2026-01-02')}`);
  });
  const ask = (person: string, days: 1 | 7 | 30 | 90 = 7) =>
    listUserEvents(world.as('VIEWER'), { source_id: source.sourceId, person, days, until: '2026-03-02' });

  test('the newest first, each once also where it was loaded twice, within the days asked for', async () => {
    expect((await ask('mia')).rows.map(({ id }) => id)).toEqual(['m-2', 'm-1']);
    expect((await ask('mia', 1)).rows.map(({ id }) => id)).toEqual(['m-2']);
    expect((await ask('mia', 90)).rows.map(({ id }) => id)).toEqual(['m-2', 'm-1', 'm-5']);
  });

  test('an anonymous id finds what was done before the user was known', async () =>
    expect((await ask('visitor-1', 1)).rows.map(({ id }) => id)).toEqual(['m-4', 'm-3', 'm-2']));

  test('quotes and half of an id find nothing', async () => {
    for (const person of ["mia' OR '1'='1", 'mi', '%']) expect((await ask(person)).rows).toEqual([]);
  });

  test('a source without events has no rows; another customer’s is not there', async () => {
    const empty = await insertSource(world);
    const asked = { source_id: empty.sourceId, person: 'mia', days: 7, until: '2026-03-02' } as const;
    expect((await listUserEvents(world.as('VIEWER'), asked)).rows).toEqual([]);
    const stranger = (await createWorld()).as('OWNER');
    await expect(listUserEvents(stranger, { ...asked, source_id: source.sourceId })).rejects.toMatchObject({
      code: 'not_found',
    });
  });
});
