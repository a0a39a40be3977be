/** The parser, kept within bounds: its time grows with the text's size, and whatever it throws is a refusal. */
import { parse } from 'sql-parser-cst';
import { offsetOf, RefusedText } from '@/lib/domains/desk/check/refused-text';

/** A node of the tree as the check reads it: nothing of it is taken for granted. */
export type TreeNode = { type: string; range: [number, number] } & Record<string, unknown>;

class TooMuchWork extends Error {}

/** Decisions that the parser may take a character; an ordinary text needs 80 at most. */
const decisionsPerCharacter = 120;
const decisionsAtLeast = 20_000;
/** About a twelfth of a second, in which this process answers nobody; 8 kB of ordinary SQL take 160,000. */
const decisionsAtMost = 500_000;

/**
 * The parser goes back and tries again, twice as often with each bracket of a text that is wrong: 25 characters could
 * keep it busy for hours. It asks for its dialect at every turn, which is where it is counted and stopped.
 */
function boundedOptions(sql: string) {
  let left = Math.min(decisionsAtLeast + sql.length * decisionsPerCharacter, decisionsAtMost);
  return {
    get dialect(): 'bigquery' {
      if (--left < 0) throw new TooMuchWork();
      return 'bigquery';
    },
    includeRange: true,
  };
}

function whyNot(sql: string, error: unknown): RefusedText {
  if (error instanceof TooMuchWork || error instanceof RangeError)
    return new RefusedText('The text is nested too deeply, or is not a SELECT that can be read.');
  const message = error instanceof Error ? error.message : '';
  const [, line, column] = /^--> .*?:(\d+):(\d+)$/m.exec(message) ?? [];
  const found = /^Syntax Error: Unexpected (.*)$/m.exec(message)?.[1];
  if (!line || !column || !found) return new RefusedText('The text cannot be read.');
  const at = Math.min(offsetOf(sql, Number(line), Number(column)), sql.length);
  // The parser may have read the word before on trial.
  const before = /^\s/.test(sql.slice(at, at + 1)) ? /\w*$/.exec(sql.slice(0, at))![0].length : 0;
  const next = at + sql.slice(at).search(/\S|$/);
  const place = before > 0 ? at - before : next;
  if (next === sql.length) return new RefusedText('The text ends too early.', next);
  const word = /^\w+/.exec(sql.slice(place, place + 40))?.[0];
  return new RefusedText(
    word
      ? `The text cannot be read from \`${word}\` on; a name that is a keyword of SQL stands between backticks.`
      : `The text cannot be read from \`${String.fromCodePoint(sql.codePointAt(place) ?? 0)}\` on.`,
    place,
  );
}

/** The tree of a text. Throws RefusedText. */
export function parseTree(sql: string): TreeNode {
  try {
    return parse(sql, boundedOptions(sql)) as unknown as TreeNode;
  } catch (error) {
    throw whyNot(sql, error);
  }
}
