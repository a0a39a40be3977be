/** What `failed_expectations` of a data-quality result tells: which expectation, of which column, how many rows. Pure. */

export type FailedExpectation = {
  /** Name of the expectation; null where the entry names none. */
  expectation: string | null;
  column: string | null;
  /** Rows that failed, and of how many; null where it is not told. */
  failedRows: number | null;
  rows: number | null;
};

type Fields = Record<string, unknown>;

/** Names that tools give to the same thing, the most telling first. */
const names = {
  expectation: ['expectation', 'expectation_type', 'check', 'rule', 'name', 'test', 'type'],
  column: ['column', 'column_name', 'field'],
  failedRows: ['failed_rows', 'rows_failed', 'unexpected_count', 'failed', 'failures', 'failing_rows', 'failed_count'],
  rows: ['rows', 'row_count', 'total_rows', 'rows_total', 'element_count', 'total', 'rows_checked'],
} as const;

/** Great Expectations keeps the numbers in `result`, and what was asked in `kwargs` of `expectation_config`. */
const nested = ['result', 'kwargs', 'expectation_config', 'details'];

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The entry and what it holds, two levels deep. */
function levels(entry: Fields): Fields[] {
  const below = (fields: Fields): Fields[] => nested.map(name => fields[name]).filter(isFields);
  return [entry, ...below(entry), ...below(entry).flatMap(below)];
}

function first<Value>(
  found: Fields[],
  wanted: readonly string[],
  is: (value: unknown) => value is Value,
): Value | null {
  for (const name of wanted) {
    for (const fields of found) if (is(fields[name])) return fields[name];
  }
  return null;
}

const isText = (value: unknown): value is string => typeof value === 'string' && value.trim() !== '';
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

/** The entries of a result that can be read; a text alone is the expectation's name. At most `limit`. */
export function failedExpectations(value: unknown, limit = 50): FailedExpectation[] {
  if (!Array.isArray(value)) return [];
  return value.slice(0, limit).flatMap((entry: unknown): FailedExpectation[] => {
    if (isText(entry)) return [{ expectation: entry, column: null, failedRows: null, rows: null }];
    if (!isFields(entry)) return [];
    const found = levels(entry);
    const [failedRows, rows] = [first(found, names.failedRows, isCount), first(found, names.rows, isCount)];
    return [
      {
        expectation: first(found, names.expectation, isText),
        column: first(found, names.column, isText),
        failedRows,
        // A whole smaller than its part is no whole.
        rows: rows !== null && failedRows !== null && rows < failedRows ? null : rows,
      },
    ];
  });
}
