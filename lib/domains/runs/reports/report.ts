/** What workers report of a run: steps and data-quality results, one at a time or in batches. The rows are their own audit. */
import type { z } from 'zod';
import { checkInput, stepInput } from '@/lib/domains/runs/input';
import { storeChecks } from '@/lib/domains/runs/reports/checks';
import {
  answerItems,
  type Item,
  type ItemKind,
  type ReportAnswer,
  readItems,
  reportInput,
} from '@/lib/domains/runs/reports/report-items';
import { lockRun, saveTotals } from '@/lib/domains/runs/reports/reported-run';
import { type Stored, storeSteps } from '@/lib/domains/runs/reports/steps';
import type { Run } from '@/lib/domains/runs/tables';
import type { CustomerCtx } from '@/lib/kernel/ctx';
import { defineOperation } from '@/lib/kernel/operation';
import { enqueue } from '@/lib/kernel/outbox';
import { db, type Tx } from '@/lib/platform/db';

type Report = Record<string, unknown>;
type Store<Value> = (tx: Tx, run: Run, items: Item<Value>[], now: Date) => Promise<Stored<Value>>;

/**
 * Reads a report, stores what is good of it in one transaction with the run's totals, and answers each item, and whether the
 * run's end was asked for: a worker reports more often than its lease needs heartbeats.
 */
const report =
  <Schema extends z.ZodType>(kind: ItemKind<Schema>, store: Store<z.output<Schema>>) =>
  async (ctx: CustomerCtx, raw: Report, runId: string): Promise<ReportAnswer & { cancel_requested: boolean }> => {
    const read = readItems(kind, raw);
    return db().transaction(async tx => {
      // Also where no item is good: whether there is such a run is said first.
      const run = await lockRun(tx, ctx, runId);
      const { items, totals, mirror } = await store(tx, run, read.items, ctx.clock());
      await enqueue(tx, [...mirror, ...(await saveTotals(tx, run, totals))]);
      return { ...answerItems({ ...read, items }), cancel_requested: run.cancelRequestedAt !== null };
    });
  };

/**
 * Stores steps of one of the caller's runs. A step again adds what was learned since: what is not said stays. Throws
 * AppError not_found, run_not_started, report_too_late, invalid_input for a batch that is none; for a single step also
 * conflict (an id of another run), step_goes_back, report_limit_reached. Source: docs/spec/002-pipeline-metadata.md, step_logs.
 */
export const reportSteps = defineOperation({
  name: 'run.report_steps',
  permission: 'runs:write',
  input: reportInput,
  run: report({ list: 'steps', idField: 'step_logging_id', schema: stepInput }, storeSteps),
});

/**
 * Adds data-quality results to one of the caller's runs; results already stored stay as they are. Throws AppError as
 * reportSteps, without step_goes_back. Source: docs/spec/002-pipeline-metadata.md, dq_results.
 */
export const reportChecks = defineOperation({
  name: 'run.report_checks',
  permission: 'runs:write',
  input: reportInput,
  run: report({ list: 'dq_results', idField: 'dq_result_id', schema: checkInput }, storeChecks),
});
