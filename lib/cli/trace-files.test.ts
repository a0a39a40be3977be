import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { operator } from '@/dev/testing/operator';
import { createWorld } from '@/dev/testing/world';
import { progressText } from '@/lib/cli/progress-bar';
import { datasetFolder } from '@/lib/domains/traces/parquet/partition';

test('an import prints what became of each file and a sum, and fails only where a file cannot be read', async () => {
  const { customerId, tenantDatasetId } = await createWorld();
  const folder = await mkdtemp(join(tmpdir(), 'cli-traces-'));
  try {
    const path = join(folder, 'traces.jsonl');
    const record = JSON.stringify({ timestamp: '2026-01-05T10:00:00Z', model: 'openai/gpt-4o', tokens_in: 1 });
    await writeFile(path, `${record}\n${record}\nnot json\n`);
    const line = ['traces', 'ingest', path, '--customer', customerId, '--repo', 'acme/shop', '--parquet-only'];
    const first = await operator(...line);
    expect(first.code).toBe(0);
    expect(first.out).toContain(`${path}: 2 rows, 1 unique, 1 refused\n`);
    expect(first.out).toMatch(/^2 rows, 1 unique, 1 refused, 0 without a time in \d+\.\d s: [\d,]+ rows\/s$/m);
    expect((await operator(...line)).out).toContain(`${path}: nothing new\n`);
    const none = await operator('traces', 'ingest', join(folder, 'none'), '--customer', customerId);
    expect(none.code).toBe(1);
    expect(none.err).toContain('there is no such file or folder');
    expect(await operator('traces', 'ingest', path, '--customer', 'cus_none')).toMatchObject({
      code: 1,
      err: expect.stringContaining('There is no customer cus_none.'),
    });
    expect((await operator('traces', 'ingest', path, '--customer', customerId, '--repo', 'shop')).code).toBe(2);
  } finally {
    await rm(folder, { recursive: true });
    await rm(datasetFolder(tenantDatasetId), { recursive: true, force: true });
  }
});

test('progress tells share, rate and rest', () => {
  const progress = { what: 'a.jsonl', bytes: 250, allBytes: 1_000, rows: 5_000 };
  expect(progressText(progress, 10)).toBe('a.jsonl  [######..................]  25 %  5,000 rows, 500/s  0:30 left');
  expect(progressText({ ...progress, allBytes: null, bytes: 2_500_000 }, 10)).toBe(
    'a.jsonl  2.5 MB  5,000 rows, 500/s',
  );
});
