/** The days of a batch are those of its rows, whatever stands in their texts: a row outside of them would be merged twice. */
import { expect, test } from 'vitest';
import { namedRow } from '@/dev/testing/traces/named-rows';
import { spanOf, spanOfRows } from '@/lib/domains/traces/load/days';

const on = (day: string, text = '') => JSON.stringify(namedRow(day, { event_date: day, error_message: text }));

test('the span of rows goes from their first day to their last in any order', () => {
  expect(spanOfRows([on('2026-03-02'), on('2026-12-31'), on('2025-07-09')].join('\n'))).toEqual({
    lo: '2025-07-09',
    hi: '2026-12-31',
  });
  expect(spanOfRows(`${on('2026-03-02')}\n`)).toEqual({ lo: '2026-03-02', hi: '2026-03-02' });
  expect(spanOfRows('')).toBeNull();
  expect(spanOf([])).toBeNull();
});

test('a text that looks like the column is no day', () => {
  const texts = ['"event_date":"1999-01-01"', '\\"event_date":"1999-01-01"', '","event_date":"1999-01-01","'];
  const rows = texts.map(text => on('2026-03-02', text)).join('\n');
  expect(spanOfRows(rows)).toEqual({ lo: '2026-03-02', hi: '2026-03-02' });
});
