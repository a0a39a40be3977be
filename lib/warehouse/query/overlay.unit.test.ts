import { expect, test } from 'vitest';
import { ascending, type Laid, layOver, overlayOf } from '@/lib/warehouse/query/overlay';

type Row = { id: string; place: number };
const overlay = overlayOf({
  mirrors: ['customers.things'],
  read: async () => [] as Row[],
  sourceKey: row => row.id,
  rowOf: row => row,
  rowKey: (row: Row) => row.id,
  compare: (a, b) => ascending(a.place, b.place) || ascending(a.id, b.id),
});
const row = (id: string, place: number): Row => ({ id, place });
const changed = (id: string, place: number | null) => ({ key: id, row: place === null ? null : row(id, place) });

type Case = {
  copy: Row[];
  changes: ReturnType<typeof changed>[];
  /** Keys asked for beside those of the changes. */
  deleted?: string[];
  settled?: string[];
  pageSize?: number;
};

function laid({ copy, changes, deleted = [], settled = [], pageSize }: Case): Laid<Row> & { ids: string[] } {
  const keys = [...changes.map(({ key }) => key), ...deleted];
  const waiting = keys.filter(key => !settled.includes(key));
  const answer = layOver({ overlay, copy, changes, keys, waiting, params: {}, pageSize });
  return { ...answer, ids: answer.rows.map(({ id }) => id) };
}

const copy = [row('a', 1), row('b', 2), row('c', 3)];

test('a new row stands in its place of the order and is marked', () => {
  const answer = laid({ copy, changes: [changed('n', 2.5)] });
  expect(answer).toMatchObject({ ids: ['a', 'b', 'n', 'c'], added: 1, more: false });
  expect([...answer.updating]).toEqual(['n']);
});

test('a changed row replaces the copy’s, and moves where its order asks for that', () => {
  expect(laid({ copy, changes: [changed('a', 9)] })).toMatchObject({ ids: ['b', 'c', 'a'], added: 0 });
});

test('a row that the filter leaves out now, and one that was deleted, are gone', () => {
  expect(laid({ copy, changes: [changed('a', null)], deleted: ['c'] })).toMatchObject({ ids: ['b'], added: -2 });
});

test('a row is not marked where the copy shows the change, nor where the mirror has sent it', () => {
  expect(laid({ copy, changes: [changed('a', 1)] }).updating.size).toBe(0);
  expect(laid({ copy, changes: [changed('a', 9)], settled: ['a'] }).updating.size).toBe(0);
});

test('what comes after a full page is left to a later one, and a page made shorter still leads on', () => {
  const full = laid({ copy, changes: [changed('n', 9)], pageSize: 2 });
  expect(full).toMatchObject({ ids: ['a', 'b'], more: true });
  expect(laid({ copy, changes: [changed('a', null), changed('b', null)], pageSize: 2 })).toMatchObject({
    ids: ['c'],
    more: true,
  });
});

test('a page that overflows by new rows leads on to the rest', () => {
  expect(laid({ copy: copy.slice(0, 2), changes: [changed('n', 0)], pageSize: 2 })).toMatchObject({
    ids: ['n', 'a'],
    more: true,
  });
});

test('values order as BigQuery’s ASC has them', () => {
  const values = ['b', null, 'B', 'a'];
  expect(values.toSorted(ascending)).toEqual([null, 'B', 'a', 'b']);
  expect([new Date(2), null, new Date(1)].toSorted(ascending)).toEqual([null, new Date(1), new Date(2)]);
});
