/** CSV that a spreadsheet opens without running anything: RFC 4180, and no cell can be a formula. */

export type CsvValue = string | number | boolean | Date | null | undefined;

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
  if (typeof value !== 'string') return String(value);
  const text = startsFormula(value) || startsFormula(value.trimStart()) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** One line with its end. */
export const csvLine = (values: readonly CsvValue[]): string => `${values.map(cell).join(',')}\r\n`;
