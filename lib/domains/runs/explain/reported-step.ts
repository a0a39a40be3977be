/** Steps as an orchestrator reported them by OpenLineage: which lies within which, and which one broke the run. Pure. */
import type { RunStep } from '@/lib/domains/runs/reads/run-parts';

/** dbt calls a statement of a node by the node's name and a number. */
const statementName = /^(.+)\.sql\.\d+$/;

type Named = Pick<RunStep, 'step_name' | 'parent_name'>;

/** Name of the job that the step's job names as its immediate parent; null where it names none, or itself. */
export function parentName({ step_name, parent_name }: Named): string | null {
  const name = parent_name?.trim() || (statementName.exec(step_name)?.[1] ?? null);
  return name === step_name ? null : name;
}

/** Fields of the metadata that a page shows by themselves. */
const shownApart = ['parent', 'sql'];

/** The rest of the metadata; null where nothing is left. */
export function otherMetadata({
  metadata,
  parent_name,
  statement,
}: Pick<RunStep, 'metadata' | 'parent_name' | 'statement'>) {
  if (parent_name === null && statement === null) return metadata;
  const kept = Object.entries(metadata ?? {}).filter(([name]) => !shownApart.includes(name));
  return kept.length > 0 ? Object.fromEntries(kept) : null;
}

export type PlacedStep = {
  step: RunStep;
  /** How many of the steps shown it lies within. */
  depth: number;
  /** Its parent where that is a step too, also one that is not shown. */
  within: string | null;
  /** Its SQL statements, folded into it. */
  statements: RunStep[];
};

const hasFailed = ({ step, inner }: Tree): boolean => step.status === 'FAILED' || inner.some(hasFailed);

type Tree = { step: RunStep; inner: Tree[] };

/**
 * The steps of a page in the order in which they are read: each below its parent, what failed first among those of one
 * parent, else as they came. Statements of SQL are folded into their parent. `jobName` is the run's own job.
 */
export function placedSteps(steps: readonly RunStep[], jobName: string | null): PlacedStep[] {
  const byName = Map.groupBy(steps, step => step.step_name);
  /** Of several steps of the parent's name the one of its run. */
  const parentOf = (step: RunStep): RunStep | undefined => {
    const named = byName.get(parentName(step) ?? '');
    return named?.find(({ job_run_id }) => job_run_id !== null && job_run_id === step.parent_run_id) ?? named?.[0];
  };
  /** A ring of parents is a sender's mistake: the step that closes it lies within none. */
  const isInRing = (step: RunStep): boolean => {
    const seen = new Set<RunStep>();
    for (let above: RunStep | undefined = parentOf(step); above && !seen.has(above); above = parentOf(above)) {
      if (above === step) return true;
      seen.add(above);
    }
    return false;
  };
  const innerOf = Map.groupBy(steps, step => (isInRing(step) ? undefined : parentOf(step)));
  const treeOf = (step: RunStep): Tree => ({ step, inner: (innerOf.get(step) ?? []).map(treeOf) });
  const place = (trees: readonly Tree[], depth: number): PlacedStep[] =>
    trees
      .toSorted((a, b) => Number(hasFailed(b)) - Number(hasFailed(a)))
      .flatMap(({ step, inner }) => {
        const within = parentName(step);
        const [statements, others] = [inner.filter(isStatement), inner.filter(tree => !isStatement(tree))];
        return [
          {
            step,
            depth,
            within: within === jobName ? null : within,
            statements: statements.map(tree => tree.step).toSorted((a, b) => a.step_index - b.step_index),
          },
          ...place(others, depth + 1),
        ];
      });
  return place((innerOf.get(undefined) ?? []).map(treeOf), 0);
}

const isStatement = ({ step, inner }: Tree): boolean => step.step_type === 'sql' && inner.length === 0;

/**
 * The step that a failed run is explained by: of those that failed the innermost, as its parents failed because of it, and
 * no single statement where its step is there; where none failed, one that was running when the run ended.
 */
export function brokenStep<Step extends Named & Pick<RunStep, 'status' | 'step_type'>>(
  steps: readonly Step[],
): Step | undefined {
  const failed = steps.filter(({ status }) => status === 'FAILED');
  const blamed = new Set(failed.map(parentName));
  const names = new Set(failed.map(({ step_name }) => step_name));
  const isPart = (step: Step): boolean => step.step_type === 'sql' && names.has(parentName(step) ?? '');
  const whole = failed.filter(step => !isPart(step));
  const partsOf = new Set(failed.filter(isPart).map(parentName));
  const innermost = whole.filter(({ step_name }) => !blamed.has(step_name) || partsOf.has(step_name));
  return innermost[0] ?? failed[0] ?? steps.find(({ status }) => status === 'RUNNING');
}
