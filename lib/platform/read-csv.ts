/** Reads CSV as spreadsheets write it: RFC 4180, lines by LF or CRLF, a mark of byte order before the first. */

export type CsvRecord = {
  /** Line of the text where it begins, from 1. */
  line: number;
  cells: string[];
  /** A quoted cell that never ends; its text goes on to the end of the file. */
  isOpen: boolean;
};

const cell = /(?:"([^"]*(?:""[^"]*)*)("|$)[^,\r\n]*|([^,\r\n]*))(,|\r\n|\n|\r|$)/y;

/** All records but empty lines. What follows a closing quote within a cell is passed over. */
export function readCsv(text: string): CsvRecord[] {
  const source = text.replace(/^\uFEFF/, '');
  const records: CsvRecord[] = [];
  let line = 1;
  let record: CsvRecord = { line, cells: [], isOpen: false };
  cell.lastIndex = 0;
  for (let found = cell.exec(source); found; found = cell.exec(source)) {
    const [whole, quoted, closing, plain, end] = found;
    record.cells.push(quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'));
    record.isOpen ||= quoted !== undefined && closing === '';
    line += whole.match(/\r\n|\n|\r/g)?.length ?? 0;
    if (end === ',') continue;
    if (record.cells.some(Boolean)) records.push(record);
    record = { line, cells: [], isOpen: false };
    if (end === '') break;
  }
  return records;
}
