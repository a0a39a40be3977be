import { expect, test } from 'vitest';
import { sourceWords } from '@/app/(portal)/traces/_parts/import-words';

test('days are written out, and a file keeps its name', () => {
  const source = 'prices of 2026-10-30 to 2026-11-28';
  expect(sourceWords({ job: 'reprice-traces', source })).toBe('prices of 30 Oct 2026 to 28 Nov 2026');
  expect(sourceWords({ job: 'ingest-traces', source: 'traces-2026-10-30.jsonl' })).toBe('traces-2026-10-30.jsonl');
  expect(sourceWords({ job: 'receive-traces', source: null })).toBeNull();
});
