/** Gives the outermost query a LIMIT where it has none. */
import type { Tokens } from '@/lib/domains/desk/check/lexical';
import type { TreeNode } from '@/lib/domains/desk/check/parse-tree';

type Place = { end: number } | null;

/** Where a LIMIT belongs, or null where there is one. A query that is only brackets takes it within them, so that its order holds. */
function limitPlace(query: TreeNode): Place {
  let last = query;
  while (last.type === 'compound_select_stmt') last = last.right as TreeNode;
  const clauses = last.clauses as TreeNode[];
  if (clauses.some(clause => clause.type === 'limit_clause')) return null;
  const body = clauses.at(-1);
  if (last === query && body?.type === 'paren_expr') return limitPlace(body.expr as TreeNode);
  return { end: query.range[1] };
}

/** The text that runs. The parser does not see a last NULLS LAST, so the LIMIT follows the last word before its place's bracket. */
export function withLimit({ plain, tokens }: Tokens, query: TreeNode, limit: number): string {
  const place = limitPlace(query);
  if (!place) return plain.trimEnd();
  const isLast = (text: string | undefined) => /^(?:first|last)$/i.test(text ?? '');
  const nulls = tokens.findIndex(token => token.start >= place.end);
  const end =
    /^nulls$/i.test(tokens[nulls]?.text ?? '') && isLast(tokens[nulls + 1]?.text) ? tokens[nulls + 1]!.end : place.end;
  return `${plain.slice(0, end)}\nLIMIT ${limit}${plain.slice(end)}`.trimEnd();
}
