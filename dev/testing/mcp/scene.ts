/** A customer whose runs failed, whose agents called tools and whose requests cost something; and one whose steps are in BigQuery alone. */
import { eq } from 'drizzle-orm';
import { chatEvent, insertAgentRows } from '@/dev/testing/agent-log/agent-rows';
import type { TestKey } from '@/dev/testing/data-plane';
import { keyCtx } from '@/dev/testing/desk/desk';
import { mirrorRuns } from '@/dev/testing/runs';
import { insertTraces, requestRow } from '@/dev/testing/traces/trace-rows';
import { createWorld, type World } from '@/dev/testing/world';
import { runQuery } from '@/lib/domains/desk/run/run-query';
import { reportChecks, reportSteps } from '@/lib/domains/runs/reports/report';
import { completeRun } from '@/lib/domains/runs/start/lease';
import { startRun } from '@/lib/domains/runs/start/reserve';
import { stepLogs } from '@/lib/domains/runs/tables';
import { db } from '@/lib/platform/db';
import { newUuid } from '@/lib/platform/ids';

export type McpScene = {
  world: World;
  failedId: string;
  copied: World;
  /** Sound arguments of a tool. */
  argumentsOf: (tool: string) => Record<string, unknown>;
  /** Runs a query of a key, whose rows query_rows reads by argumentsOf then. */
  askQuery: (key: TestKey) => Promise<void>;
};

type Step = { step_name: string; status: 'COMPLETED' | 'FAILED'; error_message?: string };

/** A run that failed at its last step; the id is answered. */
async function failedRun(world: World, pipeline_id: string, error_message: string, steps: Step[]): Promise<string> {
  const { system } = world;
  const parameters = { region: 'eu', api_key: 'abc-123-def' };
  const asked = { pipeline_id, trigger_type: 'api', trigger_by: 'test', parameters };
  const { run } = await startRun(system, asked, {});
  const now = new Date().toISOString();
  const reports = steps.map((step, step_index) => ({
    step_logging_id: newUuid(),
    step_type: 'load',
    step_index,
    start_time: now,
    end_time: now,
    ...step,
  }));
  await reportSteps(system, { steps: reports }, run.pipelineLoggingId);
  const check = {
    dq_result_id: newUuid(),
    target_table: 'costs',
    dq_config_id: 'suite',
    executed_at: now,
    expectations_passed: 1,
    expectations_failed: 1,
    failed_expectations: [],
    overall_status: 'FAIL',
  };
  await reportChecks(system, { dq_results: [check] }, run.pipelineLoggingId);
  await completeRun(system, { status: 'FAILED', error_message }, run.pipelineLoggingId);
  return run.pipelineLoggingId;
}

async function agentRows(world: World): Promise<void> {
  const start = Date.now() - 3_600_000;
  const call = (tool_name: string, ms: number, end: object) => {
    const metadata = { execution_id: newUuid(), tool_name };
    return [
      chatEvent({ at: new Date(start), event_type: 'tool_start', metadata }),
      chatEvent({ at: new Date(start + ms), event_type: 'tool_end', metadata: { ...metadata, ...end } }),
    ];
  };
  const ok = { status: 'success' };
  const failed = { status: 'failure', error_message: 'too large', bytes_billed: 10_485_760 };
  await insertAgentRows(world, {
    chat_events: [...call('search', 100, ok), ...call('search', 200, ok), ...call('bq_query', 9_000, failed)],
  });
}

export async function createMcpScene(): Promise<McpScene> {
  const [world, copied] = await Promise.all([createWorld(), createWorld()]);
  const at = new Date();
  const failedId = await failedRun(world, 'daily_costs', 'load failed with password=hunter2', [
    { step_name: 'extract', status: 'COMPLETED' },
    { step_name: 'load_costs', status: 'FAILED', error_message: 'Access Denied: bucket gs://costs' },
  ]);
  const gone = { step_name: 'gone', status: 'FAILED', error_message: 'it broke' } as const;
  const copiedId = await failedRun(copied, 'copied', 'it broke', [gone]);
  await mirrorRuns(world, copied);
  await db().delete(stepLogs).where(eq(stepLogs.pipelineLoggingId, copiedId));
  await agentRows(world);
  const repo_slug = 'acme/shop';
  await insertTraces(world, [
    requestRow({ at, repo_slug, model: 'anthropic/claude-sonnet-4', book_cost_usd: 1.5 }),
    requestRow({ at, repo_slug, model: 'nobody/knows', book_cost_usd: null, price_id: null }),
  ]);
  const needed: Record<string, object> = {
    run: { pipeline_logging_id: failedId },
    run_query: { sql: 'SELECT pipeline_id, status FROM pipeline_runs' },
  };
  return {
    ...{ world, failedId, copied },
    argumentsOf: tool => ({ ...needed[tool] }),
    askQuery: async key => {
      const { queryId } = await runQuery(keyCtx(world, key), { sql: 'SELECT 1 AS one' }, { door: 'mcp' });
      needed.query_rows = { query_id: queryId };
    },
  };
}
