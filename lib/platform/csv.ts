/** CSV that a spreadsheet opens without running anything: RFC 4180, and no cell can be a formula. */

/** A number whose digits a double would lose; what is none is written as any text. */
type Numeral = { readonly numeral: string };
export type CsvValue = string | number | boolean | Date | Numeral | null | undefined;

const numeralForm = /^-?(?:\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|Infinity)$/;

/** A text that starts with one of these is a formula to Excel, LibreOffice or Google Sheets; an apostrophe makes it text. */
const formulaSigns = new Set('=+-\u2212@|%\t\r\n');

/** Whether the first sign, as typed or in its full-width or small form (＝ ＋ － ＠ ﹣), begins a formula. */
function startsFormula(text: string): boolean {
  const [first] = text;
  return first !== undefined && formulaSigns.has(first.normalize('NFKC'));
}

function cell(value: CsvValue): string {
  if (value === null || value === undefined) return '';
  if (value instanceof Date) return value.toISOString();
  if (typeof value === 'object') return numeralForm.test(value.numeral) ? value.numeral : cell(value.numeral);
  if (typeof value !== 'string') return String(value);
  const text = startsFormula(value) || startsFormula(value.trimStart()) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** One line with its end. */
export const csvLine = (values: readonly CsvValue[]): string => `${values.map(cell).join(',')}\r\n`;

export type CsvColumns<Row> = Record<string, (row: Row) => CsvValue>;

/** Rows that a file asks of its list at once. */
export const csvPageRows = 1_000;
/** A file ends here; lists can be narrowed. */
const mostCsvRows = 100_000;

type Asked = { after: string | undefined; limit: number };

/** A list that is read page by page as CSV, at most 100,000 rows, a head line first. Throws as `readPage`. */
export async function* pagedCsv<Row>(
  columns: CsvColumns<Row>,
  readPage: (asked: Asked) => Promise<{ rows: readonly Row[]; nextCursor: string | null }>,
): AsyncGenerator<string> {
  const cells = Object.values(columns);
  let after: string | undefined;
  let written = 0;
  yield csvLine(Object.keys(columns));
  do {
    const { rows, nextCursor } = await readPage({ after, limit: csvPageRows });
    yield rows.map(row => csvLine(cells.map(cellOf => cellOf(row)))).join('');
    written += rows.length;
    after = nextCursor ?? undefined;
  } while (after !== undefined && written < mostCsvRows);
}
