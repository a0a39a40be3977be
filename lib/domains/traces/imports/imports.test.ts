import { beforeAll, describe, expect, test } from 'vitest';
import { insertImport } from '@/dev/testing/traces/trace-rows';
import { createWorld, type World } from '@/dev/testing/world';
import { hasImports, listDeadLetters, listImports, readImport } from '@/lib/domains/traces/imports/imports';
import { deadLettersCsv, importsCsv } from '@/lib/domains/traces/imports/imports-csv';
import { traceDeadLetters } from '@/lib/domains/traces/tables';
import { db } from '@/lib/platform/db';
import { newId } from '@/lib/platform/ids';

const startedAt = new Date('2026-03-01T10:00:00.000Z');

const insertLetters = ({ customerId }: World, etlRunId: number, letters: number[]) =>
  db()
    .insert(traceDeadLetters)
    .values(
      letters.map(line => ({
        deadLetterId: newId('dl'),
        customerId,
        etlRunId,
        line,
        code: line % 2 ? 'negative' : 'not_json',
        field: line % 2 ? 'tokens_in' : '',
        content: `{"line":${line}`,
        failedAt: startedAt,
      })),
    );

const lines = async (pieces: AsyncIterable<string>) => (await Array.fromAsync(pieces)).join('').trim().split('\r\n');

describe('imports', () => {
  let world: World;
  let ids: number[];
  beforeAll(async () => {
    world = await createWorld();
    ids = [
      await insertImport(world, { source: 'a.jsonl', rowCount: 7, refusedCount: 3, assumedTimes: 1 }),
      await insertImport(world, { source: 'a.jsonl', state: 'FAILED', error: 'BigQuery was away.' }),
      await insertImport(world, { state: 'RUNNING', job: 'receive-traces', details: {} }),
    ];
    await insertLetters(world, ids[0] ?? 0, [3, 2, 10]);
  });

  test('come newest first, failed and running ones too, page by page', async () => {
    const { imports } = await listImports(world.as('VIEWER'), {});
    expect(imports.map(({ id, state, source }) => [id, state, source])).toEqual([
      [ids[2], 'RUNNING', null],
      [ids[1], 'FAILED', 'a.jsonl'],
      [ids[0], 'COMPLETED', 'a.jsonl'],
    ]);
    const first = await listImports(world.system, { limit: 2 });
    const rest = await listImports(world.system, { limit: '2', after: first.nextCursor });
    expect([...first.imports, ...rest.imports]).toEqual(imports);
    expect(rest.nextCursor).toBeNull();
    expect((await listImports(world.system, { state: 'FAILED' })).imports).toMatchObject([
      { error: 'BigQuery was away.' },
    ]);
    await expect(listImports(world.system, { after: 'x' })).rejects.toMatchObject({ code: 'invalid_cursor' });
  });

  test('refused lines stand in the order of the file, each with its reason as a sentence', async () => {
    const id = String(ids[0]);
    const { letters } = await listDeadLetters(world.as('VIEWER'), {}, id);
    expect(letters).toMatchObject([
      { line: 2, code: 'not_json', reason: 'The line is not JSON.', content: '{"line":2' },
      { line: 3, code: 'negative', reason: 'The field must not be negative.', field: 'tokens_in' },
      { line: 10 },
    ]);
    const first = await listDeadLetters(world.system, { limit: 1 }, id);
    const rest = await listDeadLetters(world.system, { after: first.nextCursor }, id);
    expect([...first.letters, ...rest.letters]).toEqual(letters);
    expect(await lines(deadLettersCsv(world.system, id))).toHaveLength(4);
    expect(await lines(importsCsv(world.system, {}))).toHaveLength(4);
    expect(await readImport(world.as('VIEWER'), {}, id)).toMatchObject({ row_count: 7, refused_count: 3 });
  });

  test('another customer’s import, and what is no id, is not there', async () => {
    const stranger = await createWorld();
    for (const id of [String(ids[0]), '0', 'x', '1e99', '-1', ''])
      for (const ask of [readImport, listDeadLetters])
        await expect(ask(stranger.as('OWNER'), {}, id), id).rejects.toMatchObject({ code: 'not_found' });
    expect((await listImports(stranger.as('OWNER'), {})).imports).toEqual([]);
    expect([await hasImports(world), await hasImports(stranger)]).toEqual([true, false]);
  });
});
