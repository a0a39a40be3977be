/** CSV that a spreadsheet opens without running anything: RFC 4180, and no cell can be a formula. */

export type CsvValue = string | number | boolean | Date | null | undefined;

/** A text that starts with one of these is a formula to Excel, LibreOffice or Google Sheets; an apostrophe makes it text. */
const formulaStart = /^[=+\-@\t\r\n|%]/;

function cell(value: CsvValue): string {
  if (value === null || value === undefined) return '';
  if (value instanceof Date) return value.toISOString();
  if (typeof value !== 'string') return String(value);
  const text = formulaStart.test(value.trimStart()) || formulaStart.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** One line with its end. */
export const csvLine = (values: readonly CsvValue[]): string => `${values.map(cell).join(',')}\r\n`;
