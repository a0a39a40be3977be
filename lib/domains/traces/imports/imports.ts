/** Runs of jobs that bring traces in or change them, with the lines they refused: from Postgres, which knows what runs now. */
import { and, asc, desc, eq, lt, sql } from 'drizzle-orm';
import { z } from 'zod';
import { maskSecrets } from '@/lib/domains/runs/explain/mask-secrets';
import { etlJobs, etlStates, type TraceProblemCode, traceProblems } from '@/lib/domains/traces/rules';
import { type EtlRun, etlRuns, traceDeadLetters } from '@/lib/domains/traces/tables';
import type { CustomerCtx } from '@/lib/kernel/ctx';
import { defineOperation } from '@/lib/kernel/operation';
import { decodeCursor, encodeCursor } from '@/lib/kernel/paging';
import { db } from '@/lib/platform/db';
import { AppError } from '@/lib/platform/errors';

const pageLimit = z.coerce.number().int().min(1).max(1_000).default(50);
const after = z.string().max(400).optional();
const runId = z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER);

export const listImportsInput = z.strictObject({
  state: z.enum(etlStates).optional(),
  job: z.enum(etlJobs).optional(),
  after,
  limit: pageLimit,
});

export type ImportView = {
  id: number;
  job: EtlRun['job'];
  state: EtlRun['state'];
  /** File, or who sent it; null where the run names none. */
  source: string | null;
  started_at: Date;
  finished_at: Date | null;
  row_count: number;
  refused_count: number;
  assumed_times: number;
  details: unknown;
  error: string | null;
};

const sourceOf = (details: unknown): string | null => {
  const { source } = (details ?? {}) as { source?: unknown };
  return typeof source === 'string' ? source : null;
};

const viewOf = (run: EtlRun): ImportView => ({
  id: run.id,
  job: run.job,
  state: run.state,
  source: sourceOf(run.details),
  started_at: run.startedAt,
  finished_at: run.finishedAt,
  row_count: run.rowCount,
  refused_count: run.refusedCount,
  assumed_times: run.assumedTimes,
  details: run.details,
  error: run.error && maskSecrets(run.error),
});

export type ImportPage = { imports: ImportView[]; nextCursor: string | null };

/** Runs of the caller's jobs, the newest first, failed ones too. AppError forbidden, invalid_cursor. */
export const listImports = defineOperation({
  name: 'trace_import.list',
  permission: 'traces:read',
  input: listImportsInput,
  run: async ({ customerId }: CustomerCtx, asked): Promise<ImportPage> => {
    const before = asked.after === undefined ? null : decodeCursor(runId, asked.after);
    const found = await db()
      .select()
      .from(etlRuns)
      .where(
        and(
          eq(etlRuns.customerId, customerId),
          asked.state ? eq(etlRuns.state, asked.state) : undefined,
          asked.job ? eq(etlRuns.job, asked.job) : undefined,
          before === null ? undefined : lt(etlRuns.id, before),
        ),
      )
      .orderBy(desc(etlRuns.id))
      .limit(asked.limit + 1);
    const imports = found.slice(0, asked.limit).map(viewOf);
    const last = found.length > asked.limit ? imports.at(-1) : undefined;
    return { imports, nextCursor: last ? encodeCursor(last.id) : null };
  },
});

async function ownRun({ customerId }: CustomerCtx, id: string): Promise<EtlRun> {
  const parsed = runId.safeParse(id);
  const [run] = parsed.success
    ? await db()
        .select()
        .from(etlRuns)
        .where(and(eq(etlRuns.customerId, customerId), eq(etlRuns.id, parsed.data)))
    : [];
  if (!run) throw new AppError('not_found', 'There is no such import.');
  return run;
}

/** One run of the caller. AppError forbidden, not_found, also for a foreign or malformed id. */
export const readImport = defineOperation({
  name: 'trace_import.read',
  permission: 'traces:read',
  input: z.strictObject({}),
  run: async (ctx: CustomerCtx, _asked, id: string): Promise<ImportView> => viewOf(await ownRun(ctx, id)),
});

export type DeadLetterView = {
  dead_letter_id: string;
  /** 1 for the first line of a file; index + 1 of a record in a request. */
  line: number;
  code: string;
  /** Why it was refused, as a sentence. */
  reason: string;
  field: string;
  /** Start of the line, without secrets. */
  content: string;
  failed_at: Date;
};
export type DeadLetterPage = { letters: DeadLetterView[]; nextCursor: string | null };

const reasonOf = (code: string): string =>
  Object.hasOwn(traceProblems, code) ? traceProblems[code as TraceProblemCode] : 'It was refused.';

const letterPosition = z.tuple([z.int().min(0), z.string().regex(/^[\w-]{1,100}$/)]);

/** Refused lines of one run of the caller, in the order of the file. AppError forbidden, not_found, invalid_cursor. */
export const listDeadLetters = defineOperation({
  name: 'trace_dead_letter.list',
  permission: 'traces:read',
  input: z.strictObject({ after, limit: pageLimit }),
  run: async (ctx: CustomerCtx, asked, id: string): Promise<DeadLetterPage> => {
    const run = await ownRun(ctx, id);
    const position = asked.after === undefined ? null : decodeCursor(letterPosition, asked.after);
    const found = await db()
      .select()
      .from(traceDeadLetters)
      .where(
        and(
          eq(traceDeadLetters.customerId, ctx.customerId),
          eq(traceDeadLetters.etlRunId, run.id),
          position
            ? sql`(${traceDeadLetters.line}, ${traceDeadLetters.deadLetterId}) > (${position[0]}::bigint, ${position[1]})`
            : undefined,
        ),
      )
      .orderBy(asc(traceDeadLetters.line), asc(traceDeadLetters.deadLetterId))
      .limit(asked.limit + 1);
    const letters = found.slice(0, asked.limit).map(letter => ({
      dead_letter_id: letter.deadLetterId,
      line: letter.line,
      code: letter.code,
      reason: reasonOf(letter.code),
      field: letter.field,
      content: maskSecrets(letter.content),
      failed_at: letter.failedAt,
    }));
    const last = found.length > asked.limit ? letters.at(-1) : undefined;
    return { letters, nextCursor: last ? encodeCursor([last.line, last.dead_letter_id]) : null };
  },
});

/** True once the customer has had any trace, or tried to send one. */
export async function hasImports({ customerId }: Pick<CustomerCtx, 'customerId'>): Promise<boolean> {
  const [found] = await db()
    .select({ id: etlRuns.id })
    .from(etlRuns)
    .where(eq(etlRuns.customerId, customerId))
    .limit(1);
  return found !== undefined;
}
