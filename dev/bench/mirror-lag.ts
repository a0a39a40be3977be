/** How long a started run takes to be a row in BigQuery: from the answer of the command to the first read that finds it. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { BenchCustomer } from '@/dev/bench/fixtures';
import { runsMirror } from '@/lib/domains/runs/mirror';
import { startRun } from '@/lib/domains/runs/start/reserve';
import { relayDeps } from '@/lib/edge/worker/mirrors';
import { requireCustomer, systemCtx } from '@/lib/kernel/ctx';
import { bigquery, runStatement } from '@/lib/platform/bigquery/bigquery';
import { env } from '@/lib/platform/env';
import type { Mirror } from '@/lib/warehouse/mirror/define-mirror';
import { startRelay } from '@/lib/warehouse/mirror/relay';
import { ensureTenantDataset } from '@/lib/warehouse/schemas/apply';

const giveUpMs = 20_000;
const readEveryMs = 25;

async function lagOfOneRun(customer: BenchCustomer): Promise<number> {
  const ctx = requireCustomer(systemCtx('bench', customer));
  const { run } = await startRun(ctx, { pipeline_id: 'bench', trigger_type: 'api', trigger_by: 'bench' });
  const answeredMs = performance.now();
  const sql = `SELECT 1 AS found FROM \`${customer.tenantDatasetId}.pipeline_runs\`
    WHERE pipeline_logging_id = @id AND start_time >= @from`;
  const parameters = {
    id: { type: 'STRING', value: run.pipelineLoggingId },
    from: { type: 'TIMESTAMP', value: run.startTime },
  } as const;
  while (performance.now() - answeredMs < giveUpMs) {
    const { rows } = await runStatement({ name: 'bench/mirror-lag', sql, parameters, labels: {} });
    if (rows.length > 0) return performance.now() - answeredMs;
    await sleep(readEveryMs);
  }
  throw new Error(`the run was not in BigQuery after ${giveUpMs} ms`);
}

/** Lags in milliseconds of `count` runs of that customer, by a relay of this process for this one mirror. */
export async function mirrorLags(customer: BenchCustomer, count: number): Promise<number[]> {
  // Only the customer's own dataset is written, which is removed afterwards; the shared one stays as it is.
  const deps = { ...relayDeps(), mirrors: [runsMirror as unknown as Mirror] };
  await ensureTenantDataset(bigquery(), customer.tenantDatasetId, env().BIGQUERY_LOCATION);
  const relay = startRelay(deps);
  try {
    const lags: number[] = [];
    for (let number = 0; number < count; number++) {
      lags.push(await lagOfOneRun(customer));
      await sleep(Math.random() * 300);
    }
    return lags;
  } finally {
    await relay.stop();
    await bigquery().dataset(customer.tenantDatasetId).delete({ force: true });
  }
}
