/** Runs that somebody chose by their ids, as they are now, before something is done with all of them. */
import { and, desc, eq, inArray } from 'drizzle-orm';
import { z } from 'zod';
import { type Run, runs } from '@/lib/domains/runs/tables';
import { defineOperation } from '@/lib/kernel/operation';
import { db } from '@/lib/platform/db';

/** Most runs that are changed at once. */
export const maxChosen = 50;

const chosenInput = z.strictObject({ pipeline_logging_ids: z.array(z.uuid()).max(maxChosen) });

/** Those of the caller's runs that are named, from Postgres, newest first; unknown and foreign ids are left out. AppError forbidden. */
export const readChosenRuns = defineOperation({
  name: 'run.get_chosen',
  permission: 'runs:read',
  input: chosenInput,
  run: async ({ customerId }, { pipeline_logging_ids }): Promise<Run[]> =>
    pipeline_logging_ids.length === 0
      ? []
      : db()
          .select()
          .from(runs)
          .where(and(eq(runs.customerId, customerId), inArray(runs.pipelineLoggingId, pipeline_logging_ids)))
          .orderBy(desc(runs.startTime), desc(runs.pipelineLoggingId)),
});
