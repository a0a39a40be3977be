/** Runs of a time by UTC day or hour, and by what they are told apart: outcome, pipeline, or the key that asked for them. */
import { z } from 'zod';
import type { Ctx } from '@/lib/kernel/ctx';
import { defineQuery } from '@/lib/warehouse/query/define-query';
import type { RowsAge } from '@/lib/warehouse/query/rows-age';

export const runBreakdowns = ['outcome', 'pipeline', 'key'] as const;
export type RunBreakdown = (typeof runBreakdowns)[number];

/** Stand for runs that no key asked for, and for runs that are older than the record of it. */
export const noKey = '(none)';
export const keyNotRecorded = '(not recorded)';

/** Names that are read of a breakdown; more are only in the others. */
export const maxNames = 200;
const othersPlace = 5;
const longestMs = 366 * 86_400_000;
const stepMs = { day: 86_400_000, hour: 3_600_000 };
export type RunStep = keyof typeof stepMs;

/** Counts of each name over the time, and of the busiest names in each day or hour. */
export const countRuns = defineQuery({
  name: 'run.count',
  permission: 'runs:read',
  sql: 'runs/count-runs.sql',
  withoutOverlay: 'Workers report these runs all day; figures that must be exact are the counter’s, in Postgres.',
  params: z
    .strictObject({ by: z.enum(runBreakdowns), step: z.enum(['day', 'hour']), from: z.date(), until: z.date() })
    .refine(({ from, until }) => from < until && until.getTime() - from.getTime() <= longestMs, {
      path: ['from'],
      message: 'Choose a time of at most 366 days.',
    }),
  bind: ({ by, step, from, until }) => ({
    breakdown: { type: 'STRING', value: by },
    by_hour: { type: 'BOOL', value: step === 'hour' },
    from_time: { type: 'TIMESTAMP', value: from },
    until_time: { type: 'TIMESTAMP', value: until },
  }),
  row: z.strictObject({
    part_start: z.date().nullable(),
    place: z.int(),
    name: z.string(),
    runs: z.int(),
    failed: z.int(),
  }),
});

export type NamedRuns = { name: string; runs: number; failed: number };
export type RunCounts = RowsAge & {
  by: RunBreakdown;
  step: RunStep;
  total: number;
  /** By runs, the most first; at most maxNames. */
  names: NamedRuns[];
  /** The names of the parts, at most four. */
  series: string[];
  hasOthers: boolean;
  /** Every day or hour, the oldest first; runs by the names of `series`, then of all others. */
  parts: { start: Date; runs: number[] }[];
};

/** Counts of runs that started from `from` until before `until`. AppError forbidden, invalid_input, warehouse_unavailable. */
export async function readRunCounts(
  ctx: Ctx,
  asked: { by: RunBreakdown; step: RunStep; from: Date; until: Date },
): Promise<RunCounts> {
  const { rows, state, readAt, pendingSince } = await countRuns(ctx, asked);
  const cells = new Map(
    rows.flatMap(row => (row.part_start ? [[`${row.part_start.getTime()} ${row.place}`, row]] : [])),
  );
  const names = rows.flatMap(({ part_start, name, runs, failed }) => (part_start ? [] : [{ name, runs, failed }]));
  const series = names.slice(0, othersPlace - 1).map(({ name }) => name);
  const length = stepMs[asked.step];
  const count = Math.ceil((asked.until.getTime() - asked.from.getTime()) / length);
  const partAt = (index: number) => {
    const start = new Date(asked.from.getTime() + index * length);
    const at = (place: number): number => cells.get(`${start.getTime()} ${place}`)?.runs ?? 0;
    return { start, runs: [...series.map((_, place) => at(place + 1)), at(othersPlace)] };
  };
  const parts = Array.from({ length: count }, (_, index) => partAt(index));
  return {
    state,
    readAt,
    pendingSince,
    by: asked.by,
    step: asked.step,
    total: parts.reduce((sum, { runs }) => runs.reduce((all, one) => all + one, sum), 0),
    names,
    series,
    hasOthers: names.length >= othersPlace,
    parts,
  };
}
