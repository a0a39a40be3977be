/** Kinds of errors that ended runs: one row a fingerprint. Source: docs/spec/requirements.md, C-59. */
import { z } from 'zod';
import { maskSecrets } from '@/lib/domains/runs/explain/mask-secrets';
import type { Ctx } from '@/lib/kernel/ctx';
import { utcDayInput } from '@/lib/kernel/input';
import { addDays, utcDay } from '@/lib/platform/clock';
import { defineQuery } from '@/lib/warehouse/query/define-query';
import type { RowsAge } from '@/lib/warehouse/query/rows-age';
import { pipelineRunsRow } from '@/lib/warehouse/rows/metadata';

/** UTC days that the list covers where the address names none. */
export const errorDays = 30;
/** Most kinds that are shown, the most frequent. */
export const maxErrorKinds = 500;

const dayStart = (day: string): Date => new Date(`${day}T00:00:00Z`);

/** What the address of the list may say: the first and the last UTC day, both included. */
export const listErrorKindsInput = z.strictObject({ from: utcDayInput.optional(), to: utcDayInput.optional() });

const errorKindRow = z.strictObject({
  error_fingerprint: z.string(),
  error_pattern: z.string(),
  runs: z.int(),
  first_seen: pipelineRunsRow.shape.start_time,
  last_seen: pipelineRunsRow.shape.start_time,
  last_run_id: pipelineRunsRow.shape.pipeline_logging_id,
  pipeline_ids: z.array(z.string()),
});

/** The kinds of one period, the most frequent first; runs that were cancelled do not count. */
export const listErrorKinds = defineQuery({
  name: 'run.list_error_kinds',
  permission: 'runs:read',
  sql: 'runs/list-error-kinds.sql',
  withoutOverlay: 'Workers report these runs; no person changes them.',
  params: z.strictObject({ fromDay: utcDayInput, toDay: utcDayInput }),
  bind: ({ fromDay, toDay }) => ({
    from_time: { type: 'TIMESTAMP', value: dayStart(fromDay) },
    until_time: { type: 'TIMESTAMP', value: dayStart(addDays(toDay, 1)) },
  }),
  row: errorKindRow,
});

export type ErrorKind = {
  fingerprint: string;
  /** The message without what differs from run to run, and without secrets. */
  pattern: string;
  runs: number;
  firstSeen: Date;
  lastSeen: Date;
  lastRunId: string;
  /** The one with most such runs first. */
  pipelines: string[];
};
export type ErrorKinds = RowsAge & { kinds: ErrorKind[]; fromDay: string; toDay: string };

/** The kinds of errors of a period, 30 UTC days up to today by default. AppError forbidden, warehouse_unavailable. */
export async function readErrorKinds(ctx: Ctx, asked: z.output<typeof listErrorKindsInput>): Promise<ErrorKinds> {
  const toDay = asked.to ?? utcDay(ctx.clock());
  const fromDay = asked.from ?? addDays(toDay, 1 - errorDays);
  const { rows, state, readAt, pendingSince } = await listErrorKinds(ctx, { fromDay, toDay });
  const kinds = rows.map(row => ({
    fingerprint: row.error_fingerprint,
    pattern: maskSecrets(row.error_pattern),
    runs: row.runs,
    firstSeen: row.first_seen,
    lastSeen: row.last_seen,
    lastRunId: row.last_run_id,
    pipelines: row.pipeline_ids,
  }));
  return { state, readAt, pendingSince, kinds, fromDay, toDay };
}
