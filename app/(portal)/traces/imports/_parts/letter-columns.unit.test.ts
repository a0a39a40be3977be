import { expect, test } from 'vitest';
import { letterColumns } from '@/app/(portal)/traces/imports/_parts/letter-columns';

const letter = {
  ...{ dead_letter_id: 'd', line: 1, code: 'missing', reason: 'It is required.', field: 'model', content: '{}' },
  failed_at: new Date('2026-11-28T20:43:36Z'),
};
const placeOf = (job: 'receive-traces' | 'ingest-traces') =>
  letterColumns(job)
    .slice(0, -2)
    .map(({ head, cell }) => [head, cell(letter)]);

test('a record of a request is told by when it came and by the index that its answer gave it', () => {
  expect(placeOf('receive-traces')).toEqual([
    ['Received', '28 Nov 2026, 20:43:36 UTC'],
    ['Index in its request', '0'],
  ]);
});

test('a line of a file is told by its number', () => {
  expect(placeOf('ingest-traces')).toEqual([['Line', '1']]);
});
