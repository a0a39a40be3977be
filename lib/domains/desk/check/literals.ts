/** Where a literal ends. GoogleSQL's own rule for the plain form; every other form is refused. Source: docs/desk.md, What can be asked. */
import { RefusedText } from '@/lib/domains/desk/check/refused-text';

/** Escapes of GoogleSQL, without those that mean nothing. */
const escapeOf = /^\\(?:[abfnrtv\\?"'`]|[0-3][0-7]{2}|[xX][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8})/;

/** The length of the escape at `at` in a literal between `quote`s. */
function escapeLength(sql: string, at: number, quote: string): number {
  const found = escapeOf.exec(sql.slice(at, at + 10))?.[0];
  if (!found) throw new RefusedText('GoogleSQL knows no such escape; write `\\\\` for one backslash.', at);
  if (found[1] === quote)
    throw new RefusedText(`Write a literal that holds ${quote} between ${quote === "'" ? '"' : "'"}.`, at);
  const digits = /^\\(?:([xXuU])([0-9a-fA-F]+)|(\d{3}))$/.exec(found);
  const code = digits ? Number.parseInt(digits[2] ?? digits[3] ?? '', digits[3] ? 8 : 16) : null;
  // What such a number stands for would end the literal, or stand unseen in it, for whoever writes the text anew.
  if (code !== null && (code < 0x20 || code > 0x10ffff || [0x22, 0x27, 0x5c, 0x60, 0x7f].includes(code)))
    throw new RefusedText('Quotes, backslashes and control characters cannot be written by their number.', at);
  return found.length;
}

/** The place after the literal that begins at `start` with ' or ". */
export function endOfLiteral(sql: string, start: number): number {
  const quote = sql[start];
  let at = start + 1;
  while (at < sql.length) {
    const sign = sql[at];
    if (sign === quote) return checkEnd(sql, start, at);
    if (sign === '\n' || sign === '\r') throw new RefusedText('A literal ends on the line that it begins on.', start);
    at += sign === '\\' ? escapeLength(sql, at, quote ?? '') : 1;
  }
  throw new RefusedText('A literal begins here and does not end.', start);
}

function checkEnd(sql: string, start: number, at: number): number {
  if (sql[at - 1] === '\\' && at - 1 > start) throw new RefusedText('A literal cannot end with a backslash.', at - 1);
  if (sql[at + 1] === sql[at])
    throw new RefusedText('Quotes that follow each other cannot be used: write a literal that holds \' between ".', at);
  return at + 1;
}

const quotedName = /^`[A-Za-z_][A-Za-z0-9_]*`/;

/** The place after the name in backticks that begins at `start`. */
export function endOfQuotedName(sql: string, start: number): number {
  const found = quotedName.exec(sql.slice(start, start + 300));
  if (!found)
    throw new RefusedText(
      'A name in backticks is one word of letters, digits and _; tables are named by one word, as `pipeline_runs`.',
      start,
    );
  return start + found[0].length;
}
