import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, test } from 'vitest';
import { fittedPage } from '@/app/(portal)/desk/queries/[id]/_parts/fitted-page';
import { ResultTable } from '@/app/(portal)/desk/queries/[id]/_parts/result-table';

const columnsOf = (count: number, type = 'STRING') =>
  Array.from({ length: count }, (_, at) => ({ name: `column_${at}`, type, repeated: false }));
const page = (value: unknown, { columns = 20, rows = 100, type = 'STRING' } = {}) => {
  const named = columnsOf(columns, type);
  const row = Object.fromEntries(named.map(({ name }) => [name, value]));
  return { columns: named, rows: Array.from({ length: rows }, () => row) };
};
const drawnBytes = (fitted: ReturnType<typeof fittedPage>) =>
  Buffer.byteLength(renderToStaticMarkup(createElement(ResultTable, { ...fitted, offset: 0 })));

describe('a page of a result', () => {
  test('has all its rows whole where they are short', () => {
    const short = page('COMPLETED', { columns: 5 });
    expect(fittedPage(short)).toEqual(short);
  });

  test('stays small whatever its cells hold, and has one row at least', () => {
    const nested = { a: Array.from({ length: 3_000 }, () => 1) };
    const deep = '['.repeat(4_000) + ']'.repeat(4_000);
    for (const [value, type] of [
      ['x'.repeat(10_000), 'STRING'],
      ['<"&'.repeat(3_000), 'STRING'],
      ['ü€😀'.repeat(2_000), 'STRING'],
      [nested, 'JSON'],
      [deep, 'JSON'],
      [null, 'STRING'],
    ] as const)
      for (const columns of [1, 20, 3_000]) {
        const fitted = fittedPage(page(value, { columns, type }));
        expect(fitted.rows.length).toBeGreaterThan(0);
        expect(drawnBytes(fitted), `${columns} columns of ${type}`).toBeLessThan(150_000);
      }
  });

  test('cuts cells before it leaves rows to the next page, and says so in the cell', () => {
    const { rows } = fittedPage(page('x'.repeat(10_000), { columns: 6 }));
    expect(rows.length).toBeGreaterThanOrEqual(20);
    expect(rows[0]?.column_0).toMatch(/^x+… \(cut; the CSV has it whole\)$/);
  });
});
