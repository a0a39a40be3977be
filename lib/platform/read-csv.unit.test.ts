import { expect, test } from 'vitest';
import { csvLine } from '@/lib/platform/csv';
import { readCsv } from '@/lib/platform/read-csv';

const cells = (text: string) => readCsv(text).map(record => record.cells);

test('cells are read as spreadsheets write them, quoted or not, with any end of line', () => {
  expect(cells('\uFEFFa,b\r\n1,"2, ""two"""\n"x\ny",\r3,4')).toEqual([
    ['a', 'b'],
    ['1', '2, "two"'],
    ['x\ny', ''],
    ['3', '4'],
  ]);
});

test('lines are counted as the text has them; empty ones are passed over', () => {
  expect(readCsv('a\n\n"b\nc"\n,\nd\n').map(({ line }) => line)).toEqual([1, 3, 6]);
  expect(cells('')).toEqual([]);
});

test('a quoted cell that never ends is said, and takes nothing else with it', () => {
  expect(readCsv('a,b\n1,"2\n3,4')).toEqual([
    { line: 1, cells: ['a', 'b'], isOpen: false },
    { line: 2, cells: ['1', '2\n3,4'], isOpen: true },
  ]);
});

test('what we write is read as it was', () => {
  const values = ['plain', 'with, comma', 'with "quotes"', 'two\r\nlines', ''];
  expect(cells(csvLine(values))).toEqual([values]);
});
