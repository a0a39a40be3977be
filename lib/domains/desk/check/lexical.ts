/**
 * Reads a text into tokens before any parser sees it, and refuses whatever parsers read differently: prefixed, adjacent
 * and tripled literals, nested comments, signs that are not GoogleSQL's. Comments do not run: they become blanks.
 */
import { checkBeginning } from '@/lib/domains/desk/check/beginning';
import { endOfLiteral, endOfQuotedName } from '@/lib/domains/desk/check/literals';
import { whyNotWord } from '@/lib/domains/desk/check/other-dialects';
import { RefusedText } from '@/lib/domains/desk/check/refused-text';
import { checkComment, checkWhole, refuseSign } from '@/lib/domains/desk/check/signs';

export type Token = {
  kind: 'word' | 'number' | 'literal' | 'quoted' | 'sign';
  text: string;
  start: number;
  end: number;
};

export type Tokens = {
  tokens: readonly Token[];
  /** The text with blanks in place of comments and of a last `;`; every place in it is the same place in the text. */
  plain: string;
};

/** Brackets that may stand in one another; a parser may need its whole stack for more. */
const mostBrackets = 100;
const word = /[A-Za-z_][A-Za-z0-9_]*/y;
const number = /(?:0[xX][0-9a-fA-F]+|(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)/y;
const signs = /\|\||<<|>>|<>|<=|>=|!=|=>|[()[\],.;+\-*/=<>|&^~]/y;
const openings: Record<string, string> = { ')': '(', ']': '[' };

function matchAt(pattern: RegExp, sql: string, at: number): string | null {
  pattern.lastIndex = at;
  return pattern.exec(sql)?.[0] ?? null;
}

/** The place after a comment that begins at `at`, or null where none does. */
function endOfComment(sql: string, at: number): number | null {
  if (sql.startsWith('--', at) || sql[at] === '#') {
    const end = sql.slice(at).search(/[\r\n]/);
    return end < 0 ? sql.length : at + end;
  }
  if (!sql.startsWith('/*', at)) return null;
  const end = sql.indexOf('*/', at + 2);
  if (end < 0) throw new RefusedText('A comment begins here and does not end.', at);
  const inner = sql.indexOf('/*', at + 1);
  if (inner >= 0 && inner < end + 1) throw new RefusedText('Comments cannot stand in one another.', inner);
  if (sql[at + 2] === '+' || sql[at + 2] === '!') throw new RefusedText('Hints cannot be used here.', at);
  return end + 2;
}

function readToken(sql: string, start: number): Token {
  const sign = sql[start] ?? '';
  const token = (kind: Token['kind'], end: number): Token => ({ kind, text: sql.slice(start, end), start, end });
  if (sign === "'" || sign === '"') return token('literal', endOfLiteral(sql, start));
  if (sign === '`') return token('quoted', endOfQuotedName(sql, start));
  const name = matchAt(word, sql, start);
  if (name) return token('word', start + name.length);
  const digits = matchAt(number, sql, start);
  if (digits) return token('number', start + digits.length);
  if (sql.startsWith('|>', start)) throw new RefusedText('Pipe syntax (`|>`) cannot be used here.', start);
  if (sql.startsWith('->', start)) throw new RefusedText('`->` cannot be used here.', start);
  const found = matchAt(signs, sql, start);
  return found ? token('sign', start + found.length) : refuseSign(sql, start);
}

const isText = (token: Token) => token.kind === 'literal';
const isSign = (token: Token, text: string) => token.kind === 'sign' && token.text === text;

/** The sentence for a word that a literal follows without a space. */
function whyNotBefore(word: string): string {
  if (!/^(?:r|b|rb|br)$/i.test(word)) return 'Put a space between the word and the literal.';
  const instead = /b/i.test(word)
    ? "CAST('…' AS BYTES), or FROM_HEX('…')"
    : 'the literal without it, with `\\\\` for one backslash';
  return `Literals with the prefix ${word} cannot be used; write ${instead}.`;
}

/** Refuses two tokens whose boundary parsers see differently. */
function checkNeighbours(before: Token, token: Token): void {
  if (isText(before) && isText(token))
    throw new RefusedText('Literals that follow each other cannot be used; write CONCAT(a, b).', token.start);
  if (isSign(before, ';')) throw new RefusedText('A query is one statement.', token.start);
  const foreign = before.kind === 'word' ? whyNotWord({ word: before.text, next: token }) : null;
  if (foreign) throw new RefusedText(foreign, before.start);
  if (before.end !== token.start) return;
  if (token.kind === 'literal' && before.kind === 'word')
    throw new RefusedText(whyNotBefore(before.text), before.start);
  if (before.kind !== 'sign' && token.kind !== 'sign')
    throw new RefusedText('Put a space between these two.', token.start);
  if (before.kind === 'number' && isSign(token, '.')) throw new RefusedText('This is not a number.', before.start);
}

/** Keeps the brackets that are open, and refuses one that closes none or is too deep. */
function follow(open: Token[], token: Token): void {
  if (isSign(token, '(') || isSign(token, '[')) {
    open.push(token);
    if (open.length > mostBrackets)
      throw new RefusedText(`More than ${mostBrackets} brackets stand in one another.`, token.start);
  }
  const opening = token.kind === 'sign' ? openings[token.text] : undefined;
  if (opening && open.pop()?.text !== opening) throw new RefusedText('This bracket closes none.', token.start);
}

const blank = (text: string) => text.replace(/[^\r\n]/g, ' ');

/** Reads the whole text. Throws RefusedText. */
export function readTokens(sql: string, slackBytes = 0): Tokens {
  checkWhole(sql, slackBytes);
  const tokens: Token[] = [];
  const open: Token[] = [];
  let plain = '';
  let at = 0;
  while (at < sql.length) {
    const space = matchAt(/[ \t\r\n]+/y, sql, at);
    const commentEnd = space ? null : endOfComment(sql, at);
    if (commentEnd !== null) checkComment(sql, at, commentEnd);
    const end = space ? at + space.length : commentEnd;
    if (end !== null) {
      plain += space ?? blank(sql.slice(at, end));
      at = end;
      continue;
    }
    if (tokens.length === 0) checkBeginning(sql, at);
    const token = readToken(sql, at);
    const before = tokens.at(-1);
    if (before) checkNeighbours(before, token);
    follow(open, token);
    tokens.push(token);
    plain += isSign(token, ';') ? ' ' : token.text;
    at = token.end;
  }
  const left = open.at(-1);
  if (left) throw new RefusedText('This bracket is not closed.', left.start);
  const kept = tokens.filter(token => !isSign(token, ';'));
  if (kept.length === 0) throw new RefusedText('Write a SELECT.');
  return { tokens: kept, plain };
}
