/** What `failed_expectations` of a data-quality result tells: which expectation, of which column, how many rows. Pure. */

export type FailedExpectation = {
  /** Name of the expectation; null where the entry names none. */
  expectation: string | null;
  column: string | null;
  /** Rows that failed, and of how many; null where it is not told. */
  failedRows: number | null;
  rows: number | null;
  /** What OpenLineage tells of an assertion beside them, as it was sent; not there where it told nothing. */
  assertion?: Partial<Record<AssertionField, string>>;
};

const assertionFields = ['name', 'severity', 'expected', 'actual'] as const;
type AssertionField = (typeof assertionFields)[number];

type Fields = Record<string, unknown>;

/** Names that tools give to the same thing, the most telling first. */
const names = {
  expectation: ['expectation', 'expectation_type', 'assertion', 'check', 'rule', 'name', 'test', 'type'],
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

/** OpenLineage tells the rows that broke an assertion as `actual`, in text, where none were `expected`. */
function assertedRows({ actual, expected }: Fields): number | null {
  return String(expected) === '0' && /^\d{1,15}$/.test(String(actual)) ? Number(actual) : null;
}

/** The further fields of an entry that names its `assertion`. */
function assertionOf(entry: Fields): FailedExpectation['assertion'] {
  if (!isText(entry.assertion)) return undefined;
  const fields = assertionFields.flatMap(field => {
    const value = entry[field];
    return isText(value) || typeof value === 'number' ? [[field, String(value)] as const] : [];
  });
  return fields.length > 0 ? Object.fromEntries(fields) : undefined;
}

function told(entry: Fields): FailedExpectation {
  const found = levels(entry);
  const failedRows = first(found, names.failedRows, isCount) ?? assertedRows(entry);
  const rows = first(found, names.rows, isCount);
  const assertion = assertionOf(entry);
  return {
    expectation: first(found, names.expectation, isText),
    column: first(found, names.column, isText),
    failedRows,
    // A whole smaller than its part is no whole.
    rows: rows !== null && failedRows !== null && rows < failedRows ? null : rows,
    ...(assertion && { assertion }),
  };
}

/** Where tools put the list itself. */
const lists = ['failed_expectations', 'expectations', 'assertions', 'results', 'failures', 'checks'];
const listIn = (entry: Fields): unknown[] | undefined => lists.map(name => entry[name]).find(Array.isArray);
const held = (entry: Fields): boolean => entry.success === true || entry.passed === true;

function entry(value: unknown): FailedExpectation[] {
  if (isText(value)) return [{ expectation: value, column: null, failedRows: null, rows: null }];
  if (!isFields(value) || held(value)) return [];
  const list = listIn(value);
  return list ? list.flatMap(entry) : [told(value)];
}

/** An object instead of a list: one entry, a report that holds the list, or entries by their names. */
function entriesOf(value: Fields): FailedExpectation[] {
  const one = told(value);
  if (listIn(value) || held(value) || one.expectation !== null || one.column !== null) return entry(value);
  return Object.entries(value).map(([expectation, detail]) =>
    told(isFields(detail) ? { ...detail, expectation } : { expectation, failed_rows: detail }),
  );
}

/** Names an expectation on its column: what counts as the same one in two results. */
export const expectationKey = ({ expectation, column }: Pick<FailedExpectation, 'expectation' | 'column'>): string =>
  JSON.stringify([expectation, column]);

/** The entries of a result that can be read; a text alone is the expectation's name. At most `limit`. Never throws. */
export function failedExpectations(value: unknown, limit = 50): FailedExpectation[] {
  if (Array.isArray(value)) return value.flatMap(entry).slice(0, limit);
  return isFields(value) ? entriesOf(value).slice(0, limit) : [];
}
