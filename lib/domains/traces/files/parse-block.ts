/** A block of lines into rows: parsed, normalised, hashed and priced. Pure, so that worker threads do it. */
import { isAscii, isUtf8 } from 'node:buffer';
import { normalizeRecord } from '@/lib/domains/traces/normalize/normalize-record';
import { parseJson } from '@/lib/domains/traces/normalize/parse-json';
import type { NormalizeFacts, TraceRow } from '@/lib/domains/traces/normalize/trace-row';
import type { RowGroup, WrittenGroup } from '@/lib/domains/traces/parquet/row-groups/row-group';
import type { PriceBook } from '@/lib/domains/traces/prices/price-book';
import { bookPrice } from '@/lib/domains/traces/prices/priced';
import { keptLineSigns, type TraceProblem } from '@/lib/domains/traces/rules';

export type Refusal = TraceProblem & {
  /** 1 for the first line of the block. */
  line: number;
  content: string;
};

export type ParsedBlock = {
  /** The rows; their bytes lie in the memory that was given where it does. */
  group: WrittenGroup;
  assumedTimes: number;
  /** Lines with an end, empty ones too. */
  lines: number;
  refused: Refusal[];
};

/** `group` has no rows; it is the thread's own, used again for each block. */
export type ParseFacts = { facts: NormalizeFacts; book: PriceBook; group: RowGroup; memory: SharedArrayBuffer };

const lineFeed = 10;

function rowOf(text: string, { facts }: ParseFacts): TraceRow | TraceProblem {
  const record = parseJson(text);
  if (record === undefined) return { code: 'not_json', field: '' };
  const normalized = normalizeRecord(record, facts);
  if ('row' in normalized) return normalized.row;
  return normalized.problems[0] ?? { code: 'not_json', field: '' };
}

/** Bytes that become one text: small, as V8 gives larger texts a space of their own that only its slow collector clears. */
const pieceBytes = 65_536;

/** Lines of a piece as text, as bytes where they are not UTF-8. Most pieces are, and are looked at as a whole. */
function* linesOfPiece(bytes: Buffer): Generator<string | Buffer> {
  if (isUtf8(bytes)) {
    const text = isAscii(bytes) ? bytes.toString('latin1') : bytes.toString('utf8');
    for (let at = 0; at < text.length; ) {
      const end = text.indexOf('\n', at);
      yield end === -1 ? text.slice(at) : text.slice(at, end);
      at = end === -1 ? text.length : end + 1;
    }
    return;
  }
  for (let at = 0; at < bytes.length; ) {
    const found = bytes.indexOf(lineFeed, at);
    const end = found === -1 ? bytes.length : found;
    const line = bytes.subarray(at, end);
    yield isUtf8(line) ? line.toString('utf8') : line;
    at = end + 1;
  }
}

/** Pieces of whole lines. */
function* piecesOf(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; ) {
    const last = bytes.lastIndexOf(lineFeed, at + pieceBytes);
    const next = last >= at ? last : bytes.indexOf(lineFeed, at);
    const end = next === -1 ? bytes.length : next + 1;
    yield bytes.subarray(at, end);
    at = end;
  }
}

function* linesOf(bytes: Buffer): Generator<string | Buffer> {
  for (const piece of piecesOf(bytes)) yield* linesOfPiece(piece);
}

/** A refusal with the start of its line. */
const refusal = (line: number, problem: TraceProblem, content: string): Refusal => ({
  line,
  ...problem,
  content: content.slice(0, keptLineSigns),
});

/** Parses the lines of a block; bad ones are refused alone. */
export function parseBlock(bytes: Buffer, parse: ParseFacts): ParsedBlock {
  const { group } = parse;
  const refused: Refusal[] = [];
  let assumedTimes = 0;
  let line = 0;
  for (const text of linesOf(bytes)) {
    line++;
    if (typeof text !== 'string') {
      refused.push(refusal(line, { code: 'not_utf8', field: '' }, text.toString('utf8', 0, 4 * keptLineSigns)));
      continue;
    }
    if (text.length < 3 && text.trim() === '') continue;
    const row = rowOf(text, parse);
    if ('trace_hash' in row) {
      group.add(row, bookPrice(row, parse.book));
      if (row.timestamp_assumed) assumedTimes++;
    } else if (text.trim() !== '') refused.push(refusal(line, row, text));
  }
  return { group: group.write(parse.memory), assumedTimes, lines: line, refused };
}
