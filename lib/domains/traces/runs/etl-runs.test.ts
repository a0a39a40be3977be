/** Every run of a job is on record with what it came to, also when it failed; what it refused is kept up to a limit. */
import { and, eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { createWorld } from '@/dev/testing/world';
import { etlRunsMirror } from '@/lib/domains/traces/mirror';
import { keptDeadLetters, keptLineSigns } from '@/lib/domains/traces/rules';
import { recordDeadLetters } from '@/lib/domains/traces/runs/dead-letters';
import { beginEtlRun, endEtlRun, noteEtlProgress, runningEtlRuns } from '@/lib/domains/traces/runs/etl-runs';
import { traceDeadLetters } from '@/lib/domains/traces/tables';
import { outbox } from '@/lib/kernel/tables';
import { db } from '@/lib/platform/db';

const at = new Date('2026-03-01T10:00:00Z');
const begin = (customerId: string) =>
  db().transaction(tx =>
    beginEtlRun(tx, { customerId, job: 'ingest-traces', details: { source: 'traces.jsonl' }, at }),
  );

test('a run adds up its stretches, ends, and BigQuery is told of each change', async () => {
  const { customerId } = await createWorld();
  const { id } = await begin(customerId);
  expect((await runningEtlRuns(db(), customerId)).map(run => run.id)).toEqual([id]);
  const ended = await db().transaction(async tx => {
    await noteEtlProgress(tx, id, { rows: 10, refused: 1, assumedTimes: 2 }, { at });
    await noteEtlProgress(tx, id, { rows: 5, refused: 0, assumedTimes: 0 }, { at, details: { bytes: 700 } });
    return endEtlRun(tx, id, { state: 'COMPLETED', at });
  });
  expect(ended).toMatchObject({ rowCount: 15, refusedCount: 1, assumedTimes: 2, state: 'COMPLETED', finishedAt: at });
  expect(ended.details).toMatchObject({ source: 'traces.jsonl', bytes: 700 });
  expect(await runningEtlRuns(db(), customerId)).toEqual([]);
  const told = await db()
    .select()
    .from(outbox)
    .where(and(eq(outbox.mirror, etlRunsMirror.name), eq(outbox.key, String(id))));
  for (const change of told) expect(change).toMatchObject({ customerId, partitionValue: at.toISOString() });
});

test('a run that failed is on record with its error', async () => {
  const { customerId } = await createWorld();
  const { id } = await begin(customerId);
  const run = await db().transaction(tx => endEtlRun(tx, id, { state: 'FAILED', at, error: 'no such file' }));
  expect(run).toMatchObject({ state: 'FAILED', error: 'no such file', rowCount: 0 });
});

test('refused lines are kept with number and reason, texts that Postgres cannot hold are mended, and there is a limit a run', async () => {
  const { customerId } = await createWorld();
  const { id } = await begin(customerId);
  const letter = (line: number) => ({ line, code: 'not_json', field: '', content: `\0${'x'.repeat(5_000)}` });
  const record = (from: number, count: number) =>
    db().transaction(tx => {
      const letters = Array.from({ length: count }, (_, index) => letter(from + index));
      return recordDeadLetters(tx, { customerId, etlRunId: id, letters, at });
    });
  expect(await record(1, 3)).toBe(3);
  expect(await record(4, keptDeadLetters)).toBe(keptDeadLetters - 3);
  expect(await record(1, 1)).toBe(0);
  const kept = await db().select().from(traceDeadLetters).where(eq(traceDeadLetters.customerId, customerId));
  expect(kept).toHaveLength(keptDeadLetters);
  expect(kept[0]).toMatchObject({ code: 'not_json', failedAt: at, content: `\ufffd${'x'.repeat(keptLineSigns - 1)}` });
});
