/** Words and marks of data-quality results. Pure. */
import { formatCount, formatPercent, formatPlural } from '@/app/_ui/format';
import { hrefWith } from '@/app/_ui/list-params';
import type { Outcome } from '@/app/_ui/outcome-marks';
import type { Status } from '@/app/_ui/status';
import type { FailedExpectation } from '@/lib/domains/runs/explain/failed-expectations';
import type { CheckStatus } from '@/lib/domains/runs/quality/checked-tables';

export const checkStatusLook = {
  PASS: 'passed',
  WARNING: 'warning',
  FAIL: 'failed',
} as const satisfies Record<CheckStatus, Status>;

const outcomeOf: Record<CheckStatus, Outcome> = { PASS: 'ok', WARNING: 'warn', FAIL: 'bad' };
const words: Record<CheckStatus, string> = { PASS: 'passed', WARNING: 'with warnings', FAIL: 'failed' };

export const outcomesOf = (days: readonly (CheckStatus | null)[]): Outcome[] =>
  days.map(day => (day === null ? null : outcomeOf[day]));

/** "Last 30 days: 20 passed, 2 failed, 8 not measured; failed last 2 days ago". */
export function daysWords(days: readonly (CheckStatus | null)[]): string {
  const parts = (['PASS', 'WARNING', 'FAIL'] as const).flatMap(status => {
    const count = days.filter(day => day === status).length;
    return count > 0 ? [`${count} ${words[status]}`] : [];
  });
  const missing = days.filter(day => day === null).length;
  if (missing > 0) parts.push(`${missing} not measured`);
  const lastFailed = days.lastIndexOf('FAIL');
  const daysAgo = days.length - 1 - lastFailed;
  const when = daysAgo === 0 ? 'today' : `${formatPlural(daysAgo, 'day')} ago`;
  return `Last ${days.length} days: ${parts.join(', ')}${lastFailed < 0 ? '' : `; failed last ${when}`}`;
}

/** "37 of 182,004 rows (0.02 %)"; what nobody said is left out. */
export function failedRowsWords({ failedRows, rows }: Pick<FailedExpectation, 'failedRows' | 'rows'>): string | null {
  if (failedRows === null) return null;
  if (rows === null) return formatPlural(failedRows, 'row');
  return `${formatCount(failedRows)} of ${formatPlural(rows, 'row')} (${formatPercent(failedRows, rows, 2)})`;
}

/** "not_null on cost_usd". */
export function expectationWords({ expectation, column }: Pick<FailedExpectation, 'expectation' | 'column'>): string {
  const name = expectation ?? 'unnamed';
  return column === null ? name : `${name} on ${column}`;
}

type ChecksFilter = { status?: CheckStatus; table?: string; from?: string; to?: string };

/** The list of checks, filtered. */
export const checksHref = (filter: ChecksFilter): string => hrefWith('/data-quality/checks', filter, {});

/** One table's own page. */
export const tableHref = (table: string): string => hrefWith('/data-quality/table', { name: table }, {});
