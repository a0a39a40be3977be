/** The list of runs: BigQuery's rows with what still moves laid over from Postgres, so that a run that just failed is right at once. */
import { and, desc, eq, gte, inArray, or } from 'drizzle-orm';
import { z } from 'zod';
import { runDetailsMirror, runsMirror } from '@/lib/domains/runs/mirror';
import { listRunsFilter } from '@/lib/domains/runs/reads/run-list-input';
import { type Run, runOrigins, runStatuses, runs } from '@/lib/domains/runs/tables';
import type { Ctx } from '@/lib/kernel/ctx';
import { instantInput } from '@/lib/kernel/input';
import { decodeCursor, encodeCursor } from '@/lib/kernel/paging';
import { addDays } from '@/lib/platform/clock';
import { db } from '@/lib/platform/db';
import type { Changed } from '@/lib/warehouse/query/changed-rows';
import { defineQuery } from '@/lib/warehouse/query/define-query';
import { ascending, overlayOf } from '@/lib/warehouse/query/overlay';
import { maxLaidOver } from '@/lib/warehouse/query/query-stand';
import type { RowsAge } from '@/lib/warehouse/query/rows-age';
import { pipelineRunsRow, runDetailsRow } from '@/lib/warehouse/rows/metadata';

const dayMs = 86_400_000;
const shownDays = 90;
const dayStart = (utcDay: string): Date => new Date(`${utcDay}T00:00:00Z`);
/** A day before BigQuery's own, as details of runs are looked for until a day later. */
const endOfTime = new Date('9999-12-30T00:00:00Z');
const cursor = z.tuple([instantInput, z.uuid()]);

const shownDetails = runDetailsRow.pick({
  created_by: true,
  orchestrator: true,
  job_namespace: true,
  job_name: true,
  api_key_id: true,
  rerun_of: true,
  check_count: true,
  checks_failed: true,
  rows_processed: true,
}).shape;

/** Status as pages show it: CANCELLED where the mirror wrote FAILED and `cancelled: …`. */
const listedRun = pipelineRunsRow
  .pick({
    pipeline_logging_id: true,
    pipeline_id: true,
    trigger_type: true,
    trigger_by: true,
    start_time: true,
    end_time: true,
    duration_ms: true,
    error_message: true,
  })
  .extend({
    status: z.enum(runStatuses),
    origin: z.enum(runOrigins),
    ...shownDetails,
    // A run that is older than its table of details has none.
    created_by: shownDetails.created_by.nullable(),
    check_count: shownDetails.check_count.nullable(),
    checks_failed: shownDetails.checks_failed.nullable(),
  });
export type ListedRun = z.output<typeof listedRun>;

/** A page of pages, or a part of a file. */
const listAsked = listRunsFilter.safeExtend({
  limit: z.int().min(1).max(10_000).default(50),
  after: z.string().max(500).optional(),
});
type ListAsked = z.output<typeof listAsked>;

/** What the filter means; the instants are the first after what is wanted. */
function conditionsOf({ from, to, after }: ListAsked) {
  const [at, id] = after === undefined ? [null, ''] : decodeCursor(cursor, after);
  return {
    from: from ? dayStart(from) : null,
    until: to ? dayStart(addDays(to, 1)) : endOfTime,
    // Instants are whole milliseconds: the first one after the cursor's.
    before: at === null ? endOfTime : new Date(Date.parse(at) + 1),
    beforeId: id,
  };
}

const positionOf = (row: Pick<ListedRun, 'start_time' | 'pipeline_logging_id'>): [string, string] => [
  row.start_time.toISOString(),
  row.pipeline_logging_id,
];

/** The order of the list: newest first. */
const newestFirst = (a: ListedRun, b: ListedRun): number =>
  ascending(b.start_time, a.start_time) || ascending(b.pipeline_logging_id, a.pipeline_logging_id);

/** Whether sql/runs/list-runs.sql would list the run. */
function isListed(run: Run, params: ListAsked, now: Date): boolean {
  const { from, until, before, beforeId } = conditionsOf(params);
  const pairs: [wanted: string | undefined, value: string | null][] = [
    [params.status, run.status],
    [params.pipeline, run.pipelineId],
    [params.trigger, run.triggerType],
    [params.key, run.apiKeyId],
    [params.origin, run.origin === 'observed' ? 'observed' : 'ours'],
    [params.config, run.configId],
    [params.error, run.errorFingerprint],
  ];
  if (pairs.some(([wanted, value]) => wanted !== undefined && wanted !== value)) return false;
  if (params.checks && run.checksFailed === 0) return false;
  if (run.startTime < (from ?? new Date(now.getTime() - shownDays * dayMs)) || run.startTime >= until) return false;
  const lastMs = before.getTime() - 1;
  return run.startTime.getTime() < lastMs || (run.startTime < before && run.pipelineLoggingId < beforeId);
}

/** The row as sql/runs/list-runs.sql answers it; null where it is left out. */
function listedRow(run: Run, params: ListAsked, now: Date): ListedRun | null {
  if (!isListed(run, params, now)) return null;
  const { status: _status, error_message: message, ...columns } = runsMirror.toRow(run);
  const shown = { ...columns, ...runDetailsMirror.toRow(run), status: run.status };
  return listedRun.strip().parse({ ...shown, error_message: message && [...message].slice(0, 300).join('') });
}

/** Reads that are not current are at most minutes old: longer than this no run has gone on since it started. */
const movesForMs = 2 * dayMs;

/** The runs with these ids; with `since` also those that started, ended or moved since, newest first. */
async function changedRuns(customerId: string, { keys, since }: Changed): Promise<Run[]> {
  const moved =
    since &&
    and(
      gte(runs.startTime, new Date(since.getTime() - movesForMs)),
      or(gte(runs.startTime, since), gte(runs.endTime, since), inArray(runs.status, ['PENDING', 'RUNNING'])),
    );
  return db()
    .select()
    .from(runs)
    .where(and(eq(runs.customerId, customerId), or(inArray(runs.pipelineLoggingId, keys), moved ?? undefined)))
    .orderBy(desc(runs.startTime))
    .limit(maxLaidOver);
}

/** The customer's runs by filter, newest first; error messages cut to 300 signs. Throws AppError invalid_cursor. */
export const runRows = defineQuery({
  name: 'run.list',
  permission: 'runs:read',
  sql: 'runs/list-runs.sql',
  params: listAsked,
  pageSize: ({ limit }) => limit,
  bind: params => {
    const { from, until, before, beforeId } = conditionsOf(params);
    return {
      status: { type: 'STRING', value: params.status ?? '' },
      pipeline_id: { type: 'STRING', value: params.pipeline ?? '' },
      trigger_type: { type: 'STRING', value: params.trigger ?? '' },
      origin: { type: 'STRING', value: params.origin ?? '' },
      api_key_id: { type: 'STRING', value: params.key ?? '' },
      config_id: { type: 'STRING', value: params.config ?? '' },
      error_fingerprint: { type: 'STRING', value: params.error ?? '' },
      checks_failed: { type: 'BOOL', value: params.checks === 'failed' },
      from_time: { type: 'TIMESTAMP', value: from },
      until_time: { type: 'TIMESTAMP', value: until },
      before_time: { type: 'TIMESTAMP', value: before },
      before_id: { type: 'STRING', value: beforeId },
    };
  },
  row: listedRun,
  overlay: overlayOf({
    mirrors: [runsMirror.name, runDetailsMirror.name],
    read: changedRuns,
    sourceKey: run => run.pipelineLoggingId,
    rowOf: (run, { params, now }: { params: ListAsked; now: Date }) => listedRow(run, params, now),
    rowKey: row => row.pipeline_logging_id,
    compare: newestFirst,
  }),
});

export type RunListPage = RowsAge & {
  rows: ListedRun[];
  /** Ids of the rows that BigQuery has not got as they are. */
  updating: ReadonlySet<string>;
  nextCursor: string | null;
};

/** One page of the customer's runs, newest first, of the last 90 days by default. AppError invalid_cursor, warehouse_unavailable. */
export async function listRuns(ctx: Ctx, raw: z.input<typeof listAsked>): Promise<RunListPage> {
  const { rows, more, added: _added, ...rest } = await runRows(ctx, raw);
  const last = more ? rows.at(-1) : undefined;
  return { ...rest, rows, nextCursor: last ? encodeCursor(positionOf(last)) : null };
}
