/** What went wrong in a job, as its events say it. Pure. Source: docs/lineage.md, Steps and checks. */
import { textIn } from '@/lib/domains/lineage/merge/facets';
import type { KeptAssertion, LineageJob } from '@/lib/domains/lineage/tables';
import { storableStart } from '@/lib/kernel/storable';
import { isUuid } from '@/lib/platform/ids';

const maxMessage = 10_000;
const asText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

export const hasFailed = ({ value, skipped }: KeptAssertion): boolean => !skipped && value.success === false;

/** Great Expectations names an expectation by its id where nobody named it, which tells a reader nothing. */
const isOnlyAnId = (name: unknown): boolean => typeof name === 'string' && isUuid(name);

function sentenceOf({ value }: KeptAssertion): string {
  const { name, assertion, column, expected, actual } = value;
  const named = isOnlyAnId(name) ? (assertion ?? name) : (name ?? assertion);
  const what = asText(named ?? 'an assertion');
  const where = typeof column === 'string' ? ` on ${column}` : '';
  const wanted = expected === undefined || expected === null ? '' : `, expected ${asText(expected)}`;
  const found = actual === undefined || actual === null ? '' : `, found ${asText(actual)}`;
  return `${what}${where} failed${wanted}${found}`;
}

/** The job’s error message, else its first failed assertion, those of more than a warning first; null where neither is. */
export function errorOf(job: Pick<LineageJob, 'facets' | 'assertions'>): string | null {
  const message = textIn(job.facets['run.errorMessage']?.value, 'message');
  if (message !== null) return storableStart(message, maxMessage);
  const failed = job.assertions.flatMap(({ assertions }) => assertions).filter(hasFailed);
  const first = failed.find(({ value }) => value.severity !== 'warn') ?? failed[0];
  return first ? storableStart(sentenceOf(first), maxMessage) : null;
}
