/** What is shown of a run of an orchestrator beside its state: who started it, what it is of, what it was given. Pure. */
import type { JobSummary } from '@/lib/domains/lineage/apply/own-job';
import { boundedJson } from '@/lib/domains/lineage/apply/told-facets';
import type { LineageJob, LineageRun } from '@/lib/domains/lineage/tables';
import type { Run } from '@/lib/domains/runs/tables';
import { storableStart } from '@/lib/kernel/storable';

/** The job that the run is of: its own, else as its children name it, else the first one that was heard of. */
export function jobNameOf(
  run: Pick<LineageRun, 'rootNamespace' | 'rootName'>,
  own: JobSummary | null,
  jobs: readonly JobSummary[],
): { namespace: string; name: string } {
  if (own) return own;
  if (run.rootName !== null && run.rootNamespace !== null) return { namespace: run.rootNamespace, name: run.rootName };
  const [first] = jobs.toSorted(
    (a, b) => a.firstEventTime.getTime() - b.firstEventTime.getTime() || (a.name < b.name ? -1 : 1),
  );
  if (!first) throw new Error('a run without a job was never heard of');
  return first;
}

/** How the orchestrator names itself: the run’s own job’s integration, else that of the first of its jobs that says. */
export function orchestratorOf(own: JobSummary | null, jobs: readonly JobSummary[]): string | null {
  if (own?.integration) return storableStart(own.integration, 200);
  const names = jobs.flatMap(({ integration }) => integration ?? []).sort();
  return names[0] ? storableStart(names[0], 200) : null;
}

/** Who asked the orchestrator for the run, where Airflow says that a person did. */
export function triggerOf(own: LineageJob | null, orchestrator: string | null): Pick<Run, 'triggerType' | 'triggerBy'> {
  const airflow = JSON.stringify(own?.facets['run.airflowDagRun']?.value ?? own?.facets['run.airflow']?.value ?? {});
  const isManual = airflow.includes('"run_type":"manual"');
  return { triggerType: isManual ? 'manual' : 'scheduler', triggerBy: orchestrator ?? 'OpenLineage' };
}

/** What the run’s own job was told with; null where its root has not reported. */
export const parametersOf = (own: LineageJob | null): Run['parameters'] => own && boundedJson(own);
