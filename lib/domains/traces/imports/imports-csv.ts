/** Imports and their refused lines as CSV. */

import type { z } from 'zod';
import {
  type DeadLetterPage,
  type DeadLetterView,
  type ImportPage,
  type ImportView,
  listDeadLetters,
  listImports,
  type listImportsInput,
} from '@/lib/domains/traces/imports/imports';
import type { CustomerCtx } from '@/lib/kernel/ctx';
import { type CsvValue, csvLine } from '@/lib/platform/csv';

const csvPage = 1_000;
/** A file ends here. */
const maxCsvRows = 100_000;

const importColumns: Record<string, (run: ImportView) => CsvValue> = {
  id: run => run.id,
  job: run => run.job,
  state: run => run.state,
  source: run => run.source,
  started_at: run => run.started_at,
  finished_at: run => run.finished_at,
  row_count: run => run.row_count,
  refused_count: run => run.refused_count,
  assumed_times: run => run.assumed_times,
  error: run => run.error,
};
const letterColumns: Record<string, (letter: DeadLetterView) => CsvValue> = {
  line: letter => letter.line,
  code: letter => letter.code,
  reason: letter => letter.reason,
  field: letter => letter.field,
  content: letter => letter.content,
  failed_at: letter => letter.failed_at,
};

const lineOf = <Row>(columns: Record<string, (row: Row) => CsvValue>, row: Row): string =>
  csvLine(Object.values(columns).map(cell => cell(row)));

/** Imports that the filter matches, a head line first. Throws as listImports. */
export async function* importsCsv(
  ctx: CustomerCtx,
  { state, job }: Pick<z.output<typeof listImportsInput>, 'state' | 'job'>,
): AsyncGenerator<string> {
  let after: string | undefined;
  let written = 0;
  yield csvLine(Object.keys(importColumns));
  do {
    const page: ImportPage = await listImports(ctx, { state, job, after, limit: csvPage });
    yield page.imports.map(run => lineOf(importColumns, run)).join('');
    written += page.imports.length;
    after = page.nextCursor ?? undefined;
  } while (after !== undefined && written < maxCsvRows);
}

/** Refused lines of one import, a head line first. Throws as listDeadLetters. */
export async function* deadLettersCsv(ctx: CustomerCtx, id: string): AsyncGenerator<string> {
  let after: string | undefined;
  let written = 0;
  yield csvLine(Object.keys(letterColumns));
  do {
    const page: DeadLetterPage = await listDeadLetters(ctx, { after, limit: csvPage }, id);
    yield page.letters.map(letter => lineOf(letterColumns, letter)).join('');
    written += page.letters.length;
    after = page.nextCursor ?? undefined;
  } while (after !== undefined && written < maxCsvRows);
}
