/** `NULLS FIRST` and `NULLS LAST`, which sql-parser-cst does not read: they are kept from it, and may stand only where they belong. */
import type { Token, Tokens } from '@/lib/domains/desk/check/lexical';
import type { TreeNode } from '@/lib/domains/desk/check/parse-tree';
import { RefusedText } from '@/lib/domains/desk/check/refused-text';

const isWord = (token: Token | undefined, pattern: RegExp) => token?.kind === 'word' && pattern.test(token.text);

/** A text as the parser reads it, and the tokens before each `NULLS …` that was left out. */
export type ForParser = Tokens & { before: readonly Token[] };

/** Blanks `NULLS FIRST` and `NULLS LAST`; other places stay where they are. */
export function withoutNullsOrder({ tokens, plain }: Tokens): ForParser {
  const kept: Token[] = [];
  const before: Token[] = [];
  let text = plain;
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index]!;
    const next = tokens[index + 1];
    const last = kept.at(-1);
    if (last && next && isWord(token, /^nulls$/i) && isWord(next, /^(?:first|last)$/i)) {
      before.push(last);
      text = text.slice(0, token.start) + ' '.repeat(next.end - token.start) + text.slice(next.end);
      index++;
    } else kept.push(token);
  }
  return { tokens: kept, plain: text, before };
}

/** Where the items of all ORDER BY end. */
function endsOfOrders(program: TreeNode): Set<number> {
  const ends = new Set<number>();
  const left: unknown[] = [program];
  while (left.length > 0) {
    const value = left.pop();
    if (typeof value !== 'object' || value === null) continue;
    const { type, specifications } = value as TreeNode;
    const items = type === 'order_by_clause' ? (specifications as TreeNode | undefined)?.items : [];
    for (const item of Array.isArray(items) ? (items as TreeNode[]) : []) ends.add(item.range[1]);
    for (const each of Object.values(value)) left.push(each);
  }
  return ends;
}

/** Throws RefusedText where one does not follow an item of ORDER BY. */
export function checkNullsOrder(program: TreeNode, before: readonly Token[]): void {
  if (before.length === 0) return;
  const ends = endsOfOrders(program);
  const lost = before.find(token => !ends.has(token.end));
  if (lost) throw new RefusedText('NULLS FIRST and NULLS LAST belong to an item of ORDER BY.', lost.end);
}
