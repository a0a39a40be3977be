/** etl_runs → the tenant's dataset. Source: docs/spec/001-ai-traces.md, etl_runs. */
import { type EtlRun, etlRuns } from '@/lib/domains/traces/tables';
import { defineMirror } from '@/lib/warehouse/mirror/define-mirror';
import { mirrorSource } from '@/lib/warehouse/mirror/mirror-source';
import { type EtlRunsRow, tables } from '@/lib/warehouse/rows/metadata';

export const etlRunsMirror = defineMirror<EtlRun, EtlRunsRow>({
  name: 'tenant.etl_runs',
  shape: tables.etl_runs,
  mode: 'upsert',
  ...mirrorSource(etlRuns, { key: etlRuns.id, customer: etlRuns.customerId }),
  keyOf: run => String(run.id),
  customerOf: run => run.customerId,
  toRow: run => ({
    id: run.id,
    job: run.job,
    started_at: run.startedAt,
    finished_at: run.finishedAt,
    row_count: run.rowCount,
    details: { ...(run.details as object), state: run.state, refused: run.refusedCount, error: run.error },
  }),
});
