import { expect, test } from 'vitest';
import { changeTexts, eventName } from '@/app/(portal)/sources/[id]/events/_parts/event-words';

test('a track call is named by its event, another by its type, and what has neither is unknown', () => {
  const names = [
    { event: 'Order Completed', type: 'track' },
    { event: null, type: 'identify' },
    { event: null, type: null },
  ] as const;
  expect(names.map(eventName)).toEqual(['Order Completed', 'identify', 'Unknown call']);
});

test('that the table was made is told before its columns, whatever order they came in', () => {
  const added = { kind: 'column_added', column: 'revenue', from: null, to: 'FLOAT64' };
  const made = { kind: 'table_created', column: null, from: null, to: null };
  const widened = { kind: 'column_widened', column: 'size', from: 'INT64', to: 'FLOAT64' };
  expect(changeTexts([added, made, widened])).toEqual([
    'table made',
    'column revenue added as FLOAT64',
    'column size widened from INT64 to FLOAT64',
  ]);
});
