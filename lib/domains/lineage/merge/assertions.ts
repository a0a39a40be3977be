/** Assertions of terminal events, by dataset, each once. Pure. Source: docs/lineage.md, Steps and checks. */
import type { RunEvent } from '@/lib/domains/lineage/input';
import {
  boundedAssertions,
  type Gathered,
  keyOf,
  mostAssertions,
  rankOf,
} from '@/lib/domains/lineage/merge/most-assertions';
import { standing } from '@/lib/domains/lineage/merge/rank';
import type { KeptAssertion, KeptAssertions } from '@/lib/domains/lineage/tables';

type Assertion = Record<string, unknown>;
/** When and by whom the event was told, as each of its assertions says it. */
type Telling = Pick<KeptAssertion, 'at' | 'type' | 'run'>;

const isObject = (value: unknown): value is Assertion =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const listIn = (facet: unknown, field: string): Assertion[] => {
  const list = isObject(facet) ? facet[field] : null;
  return Array.isArray(list) ? list.filter(isObject) : [];
};

const isOfDbt = ({ run, job }: RunEvent): boolean =>
  run.facets.dbt_run !== undefined || (isObject(job.facets.jobType) && job.facets.jobType.integration === 'DBT');

/**
 * dbt tells a test that it skipped as failed: without `actual`, or with 0 on ABORT. Others leave `actual` out of what failed,
 * as do versions of dbt that have no `severity` yet.
 */
const wasSkipped = (event: RunEvent, assertion: Assertion): boolean =>
  isOfDbt(event) &&
  assertion.severity !== undefined &&
  (assertion.actual === undefined ||
    assertion.actual === null ||
    (event.eventType === 'ABORT' && String(assertion.actual) === '0'));

/** Each assertion once, in the order of what they assert. */
function once(assertions: KeptAssertion[]): KeptAssertion[] {
  const byKey = new Map<string, KeptAssertion>();
  for (const assertion of assertions) {
    const key = keyOf(assertion);
    const known = byKey.get(key);
    byKey.set(key, known ? standing(known, assertion) : assertion);
  }
  return [...byKey].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, assertion]) => assertion);
}

/** The assertions of both, by dataset, as many as are kept of one job. */
export function mergeAssertions(a: KeptAssertions[], b: KeptAssertions[]): Gathered {
  const byDataset = new Map<string, KeptAssertions>();
  for (const { namespace, name, assertions } of [...a, ...b]) {
    const key = JSON.stringify([namespace, name]);
    const all = byDataset.get(key) ?? { namespace, name, assertions: [] };
    for (const assertion of assertions) all.assertions.push(assertion);
    byDataset.set(key, all);
  }
  const sorted = [...byDataset].sort(([one], [other]) => (one < other ? -1 : 1));
  return boundedAssertions(sorted.map(([, all]) => ({ ...all, assertions: once(all.assertions) })));
}

/** The event's assertions, whichever of a dataset's facets have them. */
export function assertionsOf(event: RunEvent, telling: Telling): Gathered {
  const all = [...event.inputs, ...event.outputs].flatMap(({ namespace, name, facets, inputFacets, outputFacets }) => {
    const said = [facets, inputFacets, outputFacets].flatMap(of => listIn(of.dataQualityAssertions, 'assertions'));
    return said.map(value => {
      const assertion = { ...telling, skipped: wasSkipped(event, value), value };
      return { namespace, name, assertion };
    });
  });
  const unread = Math.max(0, all.length - mostAssertions.ofEvent);
  if (unread > 0) all.sort((a, b) => rankOf(a.assertion) - rankOf(b.assertion)).length = mostAssertions.ofEvent;
  const lists = all.map(({ namespace, name, assertion }) => ({ namespace, name, assertions: [assertion] }));
  const { kept, leftOut } = mergeAssertions(lists, []);
  return { kept, leftOut: leftOut + unread };
}

/** Whether the event failed for nothing but assertions that were skipped. */
export function isAllSkipped(event: RunEvent, kept: KeptAssertions[]): boolean {
  if (event.eventType !== 'FAIL' || event.run.facets.errorMessage !== undefined) return false;
  const tests = listIn(event.run.facets.test, 'tests').map(test => wasSkipped(event, test));
  const all = [...tests, ...kept.flatMap(({ assertions }) => assertions.map(({ skipped }) => skipped))];
  return all.length > 0 && all.every(Boolean);
}

/** Rows that the event's outputs count; null where none does. */
export function rowsWritten({ outputs }: RunEvent): number | null {
  const counts = outputs.flatMap(({ outputFacets }) => {
    const statistics = outputFacets.outputStatistics;
    const rows = isObject(statistics) ? statistics.rowCount : null;
    return typeof rows === 'number' && Number.isSafeInteger(rows) && rows >= 0 ? [rows] : [];
  });
  if (counts.length === 0) return null;
  return Math.min(
    Number.MAX_SAFE_INTEGER,
    counts.reduce((sum, rows) => sum + rows, 0),
  );
}
