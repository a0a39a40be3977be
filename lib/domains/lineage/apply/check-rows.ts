/** Checks of a job: one of each dataset that something was asserted of. Pure. Source: docs/lineage.md, Steps and checks. */
import { hasFailed } from '@/lib/domains/lineage/apply/error-of';
import type { KeptAssertion, KeptAssertions, LineageJob } from '@/lib/domains/lineage/tables';
import { derivedRunId } from '@/lib/domains/runs/start/queue-run';
import type { DqResult } from '@/lib/domains/runs/tables';
import { storableStart } from '@/lib/kernel/storable';
import { utcDay } from '@/lib/platform/clock';

/** Failures that are told of one check, so that its row stays small. */
const maxFailures = 200;
const maxText = 1_000;

const short = (value: unknown): unknown =>
  value === undefined || value === null
    ? null
    : storableStart(typeof value === 'string' ? value : JSON.stringify(value), maxText);

const failureOf = ({ value }: KeptAssertion) => ({
  name: short(value.name),
  assertion: short(value.assertion),
  column: short(value.column),
  severity: short(value.severity),
  expected: short(value.expected),
  actual: short(value.actual),
});

function checkOf(job: LineageJob, { namespace, name, assertions }: KeptAssertions, runId: string): DqResult[] {
  const tried = assertions.filter(({ skipped }) => !skipped);
  if (tried.length === 0) return [];
  const failed = tried.filter(hasFailed);
  const onlyWarnings = failed.every(({ value }) => value.severity === 'warn');
  const executedAt = new Date(Math.max(...tried.map(({ at }) => Date.parse(at))));
  const ingestionDate = utcDay(executedAt);
  return [
    {
      // With the day, which is its partition in BigQuery: on another day it is another row.
      dqResultId: derivedRunId('lineage check', job.stepLoggingId, namespace, name, ingestionDate),
      customerId: job.customerId,
      pipelineLoggingId: runId,
      targetTable: storableStart(`${namespace}/${name}`, 1_024),
      dqConfigId: storableStart(job.name, 200),
      executedAt,
      expectationsPassed: tried.length - failed.length,
      expectationsFailed: failed.length,
      failedExpectations: failed.length > 0 ? failed.slice(0, maxFailures).map(failureOf) : null,
      overallStatus: failed.length === 0 ? 'PASS' : onlyWarnings ? 'WARNING' : 'FAIL',
      ingestionDate,
    },
  ];
}

/** The checks of a job within the run; a dataset with nothing but skipped assertions has none. */
export const checksOf = (job: LineageJob, runId: string): DqResult[] =>
  job.assertions.flatMap(kept => checkOf(job, kept, runId));
