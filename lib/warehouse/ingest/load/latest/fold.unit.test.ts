/** Whatever the order in which rows of one id come, folding keeps of each column the latest value, and says since when where that is older than the row. */
import { expect, test } from 'vitest';
import { foldRows } from '@/lib/warehouse/ingest/load/latest/fold';

const at = (minute: number) => `2026-03-01T10:${String(minute).padStart(2, '0')}:00.000Z`;
const fold = (...rows: object[]) => {
  const folded = foldRows(rows.map(row => `${JSON.stringify(row)}\n`).join(''));
  const lines = folded.ndjson.split('\n').filter(line => line !== '');
  return { ...folded, lines: lines.map(line => JSON.parse(line) as Record<string, unknown>) };
};

test('rows of different ids stay apart, and a row alone stays as it is', () => {
  const rows = [
    { id: 'a', timestamp: at(1), plan: 'free', size: 1.5 },
    { id: 'b', timestamp: at(2), plan: null },
  ];
  const { lines, older, rows: count } = fold(...rows);
  expect(lines).toEqual([rows[0], { id: 'b', timestamp: at(2) }]);
  expect(count).toBe(2);
  expect(older.size).toBe(0);
});

test('the latest value of each column wins in whatever order rows come, and null never does', () => {
  const early = { id: 'a', timestamp: at(1), plan: 'free', name: 'Ann', city: 'Ulm' };
  const middle = { id: 'a', timestamp: at(2), plan: 'pro', city: null };
  const late = { id: 'a', timestamp: at(3), name: 'Anna' };
  for (const order of [
    [early, middle, late],
    [late, middle, early],
    [middle, late, early],
  ]) {
    const { lines, older } = fold(...order);
    const [line = {}] = lines;
    expect(line).toMatchObject({ id: 'a', timestamp: at(3), plan: 'pro', name: 'Anna', city: 'Ulm' });
    expect(line[older.get('plan') ?? '']).toBe(at(2));
    expect(line[older.get('city') ?? '']).toBe(at(1));
    expect(older.has('name')).toBe(false);
  }
});

test('of rows of one time the later line wins; a row without a time is before all others', () => {
  expect(fold({ id: 'a', timestamp: at(1), n: 1 }, { id: 'a', timestamp: at(1), n: 2 }).lines).toEqual([
    { id: 'a', timestamp: at(1), n: 2 },
  ]);
  const { lines, older } = fold({ id: 'a', timestamp: at(1), n: 1 }, { id: 'a', n: 2, m: 3 });
  expect(lines[0]).toMatchObject({ id: 'a', n: 1, m: 3, timestamp: at(1) });
  expect(lines[0]?.[older.get('m') ?? '']).toBe('0001-01-01T00:00:00Z');
});

test('numbers and texts stay as they were written', () => {
  const line = '{"id":"a","big":9007199254740993,"t":"x\\"}\\n"}\n';
  expect(foldRows(line).ndjson).toBe(line);
});
