/** The first of the desk's three layers: what a text may say, decided without asking anybody. Source: docs/desk.md, Three layers decide. */
import { checkAgreement } from '@/lib/domains/desk/check/agreed-tokens';
import { readTokens } from '@/lib/domains/desk/check/lexical';
import { withLimit } from '@/lib/domains/desk/check/limit';
import { checkNullsOrder, withoutNullsOrder } from '@/lib/domains/desk/check/nulls-order';
import { parseTree } from '@/lib/domains/desk/check/parse-tree';
import { placeOf, RefusedText } from '@/lib/domains/desk/check/refused-text';
import { NamedTables } from '@/lib/domains/desk/check/tables';
import { Tree } from '@/lib/domains/desk/check/tree';

export type TextQuestion = {
  /** Names that the text may read from. */
  tables: readonly string[];
  /** LIMIT where the text has none. */
  limit: number;
};

export type CheckedText =
  | { ok: true; sql: string; tables: string[] }
  | { ok: false; reason: string; line: number | null; column: number | null };

/** Bytes by which a text may grow by its LIMIT. */
const limitBytes = 64;

function read(sql: string, { tables, limit }: TextQuestion, slackBytes: number): { sql: string; tables: string[] } {
  const tokens = readTokens(sql, slackBytes);
  const forParser = withoutNullsOrder(tokens);
  const program = parseTree(forParser.plain);
  checkAgreement(program, forParser);
  checkNullsOrder(program, forParser.before);
  const named = new NamedTables(tables);
  const query = new Tree(named).check(program);
  return { sql: withLimit(tokens, query, limit), tables: named.found() };
}

/**
 * Whether a text is one SELECT over these tables and nothing else, and the text that runs: without comments and a last `;`,
 * with a LIMIT. That text is checked as the first one was, and must come out as it went in. Never throws.
 */
export function checkText(sql: string, question: TextQuestion): CheckedText {
  try {
    const checked = read(sql, question, 0);
    const again = read(checked.sql, question, limitBytes);
    if (again.sql !== checked.sql || again.tables.join() !== checked.tables.join())
      throw new RefusedText('The text can be read in more than one way.');
    return { ok: true, ...checked };
  } catch (error) {
    const { reason, offset } = error instanceof RefusedText ? error : new RefusedText('The text cannot be read.');
    return { ok: false, reason, ...placeOf(sql, offset) };
  }
}
