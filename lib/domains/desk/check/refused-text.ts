/** A refusal of the text layer while it reads: why, and where in the text. */

/** Thrown inside the check only; checkText turns it into an answer. */
export class RefusedText extends Error {
  constructor(
    /** A sentence that says what to write instead, where there is something. */
    readonly reason: string,
    /** Place in the text, counted in UTF-16 units from 0; null where none can be named. */
    readonly offset: number | null = null,
  ) {
    super(reason);
    this.name = 'RefusedText';
  }
}

/** Line and column of a place, both from 1. */
export function placeOf(sql: string, offset: number | null): { line: number | null; column: number | null } {
  if (offset === null) return { line: null, column: null };
  const before = sql.slice(0, offset);
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
}

/** The place of a line and a column that count from 1, as the parser and the analyzer name it. */
export function offsetOf(sql: string, line: number, column: number): number {
  const lines = sql.split('\n').slice(0, line - 1);
  return lines.reduce((sum, each) => sum + each.length + 1, 0) + column - 1;
}
