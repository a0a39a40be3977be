/** Saved queries belong to the organization: everybody who may query sees and changes them, and nobody else. */
import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { createWorld } from '@/dev/testing/world';
import { mostSavedQueries } from '@/lib/domains/desk/rules';
import {
  changeSavedQuery,
  deleteSavedQuery,
  listSavedQueries,
  readSavedQuery,
  saveQuery,
} from '@/lib/domains/desk/saved/saved-queries';
import { deskSavedQueries } from '@/lib/domains/desk/tables';
import { auditLog } from '@/lib/kernel/tables';
import { db } from '@/lib/platform/db';
import { newId } from '@/lib/platform/ids';

const sql = 'SELECT sha FROM commits';

test('a query is saved, listed by name, changed and deleted, by any who may query', async () => {
  const world = await createWorld();
  const [owner, builder] = [world.as('OWNER'), world.as('COLLABORATOR')];
  const { result: saved } = await saveQuery(owner, { query_name: ' Zeta ', sql });
  await saveQuery(builder, { query_name: 'alpha', sql: 'SELECT 1' });
  expect((await listSavedQueries(builder, {})).map(({ query_name }) => query_name)).toEqual(['alpha', 'Zeta']);
  const { result: changed } = await changeSavedQuery(builder, {
    saved_query_id: saved.saved_query_id,
    sql: 'SELECT 2',
  });
  expect(changed).toMatchObject({ query_name: 'Zeta', sql: 'SELECT 2', created_by: world.members.OWNER.email });
  expect(changed.updated_by).toBe(world.members.COLLABORATOR.email);
  expect(await readSavedQuery(owner, {}, saved.saved_query_id)).toEqual(changed);
  await deleteSavedQuery(owner, { saved_query_id: saved.saved_query_id });
  await expect(readSavedQuery(owner, {}, saved.saved_query_id)).rejects.toMatchObject({ code: 'not_found' });
});

test('a name is taken once, however it is written, and a form that is sent twice saves one', async () => {
  const world = await createWorld();
  const owner = world.as('OWNER');
  const { result: first } = await saveQuery(owner, { query_name: 'Failed runs', sql });
  const again = await Promise.all([1, 2, 3].map(() => saveQuery(owner, { query_name: 'failed RUNS', sql })));
  expect(again.map(({ result }) => result.saved_query_id)).toEqual(Array(3).fill(first.saved_query_id));
  const conflict = { code: 'conflict', fields: [{ path: 'query_name' }] };
  await expect(saveQuery(owner, { query_name: 'FAILED runs', sql: 'SELECT 1' })).rejects.toMatchObject(conflict);
  const { result: other } = await saveQuery(owner, { query_name: 'Other', sql });
  const rename = { saved_query_id: other.saved_query_id, query_name: 'failed runs' };
  await expect(changeSavedQuery(owner, rename)).rejects.toMatchObject(conflict);
  const own = { saved_query_id: first.saved_query_id, query_name: 'FAILED RUNS' };
  expect((await changeSavedQuery(owner, own)).result.query_name).toBe('FAILED RUNS');
});

test('bad input is refused, and nobody without the permission or of another organization gets at them', async () => {
  const [world, stranger] = [await createWorld(), await createWorld()];
  const { result: saved } = await saveQuery(world.as('OWNER'), { query_name: 'Own', sql });
  const id = { saved_query_id: saved.saved_query_id };
  for (const input of [
    { query_name: '', sql },
    { query_name: 'a\u202eb', sql },
    { query_name: 'a'.repeat(101), sql },
    { query_name: 'No text', sql: ' ' },
    { query_name: 'NUL', sql: 'SELECT \0' },
    { query_name: 'Half', sql: "SELECT '\ud800'" },
    { query_name: 'Large', sql: `SELECT '${'a'.repeat(40_000)}'` },
  ])
    await expect(saveQuery(world.as('OWNER'), input), input.query_name).rejects.toMatchObject({
      code: 'invalid_input',
    });
  await expect(listSavedQueries(world.as('VIEWER'), {})).rejects.toMatchObject({ code: 'forbidden' });
  for (const attempt of [
    () => readSavedQuery(stranger.as('OWNER'), {}, saved.saved_query_id),
    () => changeSavedQuery(stranger.as('OWNER'), { ...id, query_name: 'stolen' }),
    () => deleteSavedQuery(stranger.as('OWNER'), id),
    () => readSavedQuery(world.as('OWNER'), {}, 'a\0b'),
  ])
    await expect(attempt()).rejects.toMatchObject({ code: 'not_found' });
  expect(await listSavedQueries(stranger.as('OWNER'), {})).toEqual([]);
  expect(await listSavedQueries(world.as('OWNER'), {})).toEqual([saved]);
});

test('the audit log tells of each change, and not the text', async () => {
  const world = await createWorld();
  const owner = world.as('OWNER');
  const { result } = await saveQuery(owner, { query_name: 'Audited', sql: "SELECT 'mark' AS c" });
  await changeSavedQuery(owner, { saved_query_id: result.saved_query_id, query_name: 'Renamed' });
  await changeSavedQuery(owner, { saved_query_id: result.saved_query_id, query_name: 'Renamed' });
  await deleteSavedQuery(owner, { saved_query_id: result.saved_query_id });
  const rows = await db().select().from(auditLog).where(eq(auditLog.targetId, result.saved_query_id));
  const actions = ['desk.save_query', 'desk.change_saved_query', 'desk.delete_saved_query'];
  expect(rows.map(({ action }) => action).sort()).toEqual(actions.sort());
  expect(JSON.stringify(rows)).not.toContain('mark');
});

test('an organization has at most 200', async () => {
  const world = await createWorld();
  const at = new Date();
  const row = (index: number) => ({
    savedQueryId: newId('sq'),
    customerId: world.customerId,
    queryName: `Query ${index}`,
    sql,
    createdAt: at,
    createdBy: 'somebody',
    updatedAt: at,
    updatedBy: 'somebody',
  });
  await db()
    .insert(deskSavedQueries)
    .values(Array.from({ length: mostSavedQueries }, (_, index) => row(index)));
  await expect(saveQuery(world.as('OWNER'), { query_name: 'One more', sql })).rejects.toMatchObject({
    code: 'conflict',
  });
});
