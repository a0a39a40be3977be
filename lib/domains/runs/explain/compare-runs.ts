/** What differs between a run and an earlier good one of the same pipeline: one list, the largest change first. Pure. */

/** The executions of a step of one name, as one. */
export type StepTotals = {
  name: string;
  /** Position in the pipeline, from 0. */
  index: number;
  executions: number;
  /** How the last of them ended. */
  status: string;
  /** Sum of their durations; null where none has ended. */
  durationMs: number | null;
  /** Sum of their rows; null where none said. */
  rows: number | null;
};

/** The last result of a check. */
export type CheckOutcome = { table: string; config: string; status: 'PASS' | 'WARNING' | 'FAIL' };

export type ComparedRun = {
  durationMs: number | null;
  rows: number | null;
  configVersion: string | null;
  parameters: unknown;
  steps: readonly StepTotals[];
  checks: readonly CheckOutcome[];
};

export type Change = {
  kind: 'step_status' | 'step_missing' | 'step_new' | 'check' | 'config' | 'parameter' | 'duration' | 'rows';
  /** The step, check or parameter; null for the run as a whole. */
  subject: string | null;
  before: string | number | null;
  after: string | number | null;
  /** Worse is what a reader looks for first. */
  isWorse: boolean;
};

/** Steps that differ by less than this, and by less than a tenth, took the same time. */
const sameMs = 1_000;
const sameShare = 0.1;

/** Kinds in the order in which they explain a failure: what broke, what was changed, what then took another time. */
const order: Change['kind'][] = [
  'step_status',
  'check',
  'config',
  'parameter',
  'step_missing',
  'step_new',
  'duration',
  'rows',
];

const differs = (before: number, after: number, least: number): boolean =>
  Math.abs(after - before) >= Math.max(least, before * sameShare);

const byName = <Item extends { name: string }>(items: readonly Item[]): Map<string, Item> =>
  new Map(items.map(item => [item.name, item]));

function stepChanges(before: readonly StepTotals[], after: readonly StepTotals[]): Change[] {
  const [old, now] = [byName(before), byName(after)];
  const gone = before
    .filter(step => !now.has(step.name))
    .map(
      ({ name, status }): Change => ({
        kind: 'step_missing',
        subject: name,
        before: status,
        after: null,
        isWorse: true,
      }),
    );
  const rest = after.flatMap(step => {
    const known = old.get(step.name);
    if (!known)
      return [
        {
          kind: 'step_new',
          subject: step.name,
          before: null,
          after: step.status,
          isWorse: step.status === 'FAILED',
        } as const,
      ];
    // What a skipped step did not take is no change of how long it takes.
    const isSkipped = [known.status, step.status].includes('SKIPPED');
    return [...statusChange(known, step), ...(isSkipped ? [] : amountChanges(step.name, known, step))];
  });
  return [...gone, ...rest];
}

function statusChange(before: StepTotals, after: StepTotals): Change[] {
  if (before.status === after.status) return [];
  const isWorse = after.status !== 'COMPLETED';
  return [{ kind: 'step_status', subject: after.name, before: before.status, after: after.status, isWorse }];
}

type Amounts = { durationMs: number | null; rows: number | null };

function amountChanges(subject: string | null, before: Amounts, after: Amounts): Change[] {
  const changes: Change[] = [];
  if (before.durationMs !== null && after.durationMs !== null && differs(before.durationMs, after.durationMs, sameMs)) {
    const isWorse = after.durationMs > before.durationMs;
    changes.push({ kind: 'duration', subject, before: before.durationMs, after: after.durationMs, isWorse });
  }
  if (before.rows !== null && after.rows !== null && differs(before.rows, after.rows, 1)) {
    changes.push({ kind: 'rows', subject, before: before.rows, after: after.rows, isWorse: after.rows < before.rows });
  }
  return changes;
}

const checkName = ({ table, config }: CheckOutcome): string => `${config} on ${table}`;

/** Checks that fail now and did not before, and those that do not fail any more. */
function checkChanges(before: readonly CheckOutcome[], after: readonly CheckOutcome[]): Change[] {
  const old = new Map(before.map(check => [checkName(check), check.status]));
  return after.flatMap((check): Change[] => {
    const known = old.get(checkName(check)) ?? null;
    const isWorse = check.status === 'FAIL' && known !== 'FAIL';
    if (!isWorse && !(known === 'FAIL' && check.status !== 'FAIL')) return [];
    return [{ kind: 'check', subject: checkName(check), before: known, after: check.status, isWorse }];
  });
}

const isFields = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Leaves of a JSON value by their path: `filters.region`. */
function leaves(value: unknown, path: string): [path: string, text: string][] {
  if (isFields(value) && Object.keys(value).length > 0)
    return Object.entries(value).flatMap(([name, item]) => leaves(item, path === '' ? name : `${path}.${name}`));
  if (path === '')
    return value === null || value === undefined || isFields(value) ? [] : [['(all)', JSON.stringify(value)]];
  return [[path, JSON.stringify(value)]];
}

function parameterChanges(before: unknown, after: unknown): Change[] {
  const [old, now] = [new Map(leaves(before, '')), new Map(leaves(after, ''))];
  return [...new Set([...old.keys(), ...now.keys()])]
    .filter(path => old.get(path) !== now.get(path))
    .map(path => ({
      kind: 'parameter',
      subject: path,
      before: old.get(path) ?? null,
      after: now.get(path) ?? null,
      isWorse: false,
    }));
}

function configChange(before: string | null, after: string | null): Change[] {
  return before === after ? [] : [{ kind: 'config', subject: null, before, after, isWorse: false }];
}

/** How much larger or smaller, to order changes of one kind by. */
const size = ({ kind, before, after }: Change): number => {
  const [from, to] = [Number(before), Number(after)];
  return kind === 'duration' ? to - from : kind === 'rows' ? Math.abs(to - from) / Math.max(1, from) : 0;
};

/** Every change from the good run to this one: what broke first, then what was changed, then steps by how much slower they are. */
export function compareRuns(good: ComparedRun, run: ComparedRun): Change[] {
  const changes = [
    ...stepChanges(good.steps, run.steps),
    ...checkChanges(good.checks, run.checks),
    ...configChange(good.configVersion, run.configVersion),
    ...parameterChanges(good.parameters, run.parameters),
    ...amountChanges(null, good, run),
  ];
  return changes.toSorted(
    (a, b) =>
      order.indexOf(a.kind) - order.indexOf(b.kind) || Number(b.isWorse) - Number(a.isWorse) || size(b) - size(a),
  );
}
