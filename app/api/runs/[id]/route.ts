/** GET: one run with its steps and checks, failed ones first, in pages; while it goes on BigQuery is not asked. */

import { z } from 'zod';
import { maskJson } from '@/lib/domains/runs/explain/mask-secrets';
import { readParts, readRun } from '@/lib/domains/runs/reads/run-page';
import { hasEnded } from '@/lib/domains/runs/rules';
import { defineRoute } from '@/lib/edge/portal/route';
import { parseInput } from '@/lib/kernel/input';

const cursor = z.string().max(500).optional();
const pageInput = z.strictObject({ steps_after: cursor, checks_after: cursor });

export const GET = defineRoute({
  summary: 'Read a run',
  input: pageInput,
  name: 'run.get',
  method: 'GET',
  permission: 'runs:read',
  query: async ({ ctx, params, raw }) => {
    const run = await readRun(ctx, params.id ?? '');
    const page = parseInput(pageInput, raw);
    const { steps, checks } = await readParts(ctx, run, {
      stepsAfter: page.steps_after,
      checksAfter: page.checks_after,
    });
    const body = {
      pipeline_logging_id: run.pipelineLoggingId,
      pipeline_id: run.pipelineId,
      status: run.status,
      is_moving: !hasEnded(run),
      trigger_type: run.triggerType,
      trigger_by: run.triggerBy,
      origin: run.origin,
      orchestrator: run.orchestrator,
      job_namespace: run.jobNamespace,
      job_name: run.jobName,
      orchestrator_run_id: run.orchestratorRunId,
      reported_start_time: run.reportedStartTime,
      late_events: run.lateEvents,
      start_time: run.startTime,
      end_time: run.endTime,
      duration_ms: run.durationMs,
      config_version: run.configVersion,
      worker_instance: run.workerInstance,
      rerun_of: run.rerunOf,
      config_id: run.configId,
      scheduled_for: run.scheduledFor,
      quota_charge: run.quotaCharge,
      error_message: maskJson(run.errorMessage),
      parameters: maskJson(run.parameters),
      steps: maskJson(
        steps.rows.map(step => ({
          ...step,
          start_time: step.start_time.toISOString(),
          end_time: step.end_time?.toISOString() ?? null,
        })),
      ),
      next_steps_cursor: steps.nextCursor,
      checks: maskJson(checks.rows.map(check => ({ ...check, executed_at: check.executed_at.toISOString() }))),
      next_checks_cursor: checks.nextCursor,
    };
    return { status: 200, body };
  },
});
