/** Which columns a statement is charged for. */
import { expect, test } from 'vitest';
import { columnsNamed } from '@/dev/bench/runs/billed-bytes';

test('each table is charged for the columns that the statement names of it, once, comments left out', () => {
  const text = `-- run.parameters is not read
    SELECT run.pipeline_id, run.status, details.created_by FROM tenant.pipeline_runs AS run
    LEFT JOIN tenant.run_details AS details ON details.pipeline_logging_id = run.pipeline_logging_id
    WHERE run.status = 'FAILED'`;
  expect(columnsNamed(text)).toEqual([
    { table: 'pipeline_runs', columns: ['pipeline_id', 'pipeline_logging_id', 'status'] },
    { table: 'run_details', columns: ['created_by', 'pipeline_logging_id'] },
  ]);
});
