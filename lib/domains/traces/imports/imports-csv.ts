/** Imports and their refused lines as CSV. */

import type { z } from 'zod';
import {
  type DeadLetterView,
  type ImportView,
  listDeadLetters,
  listImports,
  type listImportsInput,
} from '@/lib/domains/traces/imports/imports';
import type { CustomerCtx } from '@/lib/kernel/ctx';
import { type CsvColumns, pagedCsv } from '@/lib/platform/csv';

const importColumns: CsvColumns<ImportView> = {
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
const letterColumns: CsvColumns<DeadLetterView> = {
  line: letter => letter.line,
  code: letter => letter.code,
  reason: letter => letter.reason,
  field: letter => letter.field,
  content: letter => letter.content,
  failed_at: letter => letter.failed_at,
};

/** Imports that the filter matches, a head line first. Throws as listImports. */
export const importsCsv = (
  ctx: CustomerCtx,
  { state, job }: Pick<z.output<typeof listImportsInput>, 'state' | 'job'>,
): AsyncGenerator<string> =>
  pagedCsv(importColumns, async page => {
    const { imports, nextCursor } = await listImports(ctx, { state, job, ...page });
    return { rows: imports, nextCursor };
  });

/** Refused lines of one import, a head line first. Throws as listDeadLetters. */
export const deadLettersCsv = (ctx: CustomerCtx, id: string): AsyncGenerator<string> =>
  pagedCsv(letterColumns, async page => {
    const { letters, nextCursor } = await listDeadLetters(ctx, page, id);
    return { rows: letters, nextCursor };
  });
