/** What single kinds of nodes must be beyond having known properties only. */
import { isKnownFunction, takesQuery } from '@/lib/domains/desk/check/functions';
import { dataTypes } from '@/lib/domains/desk/check/node-kinds';
import { binaryOperators, keywords, prefixOperators, pseudoColumn } from '@/lib/domains/desk/check/node-words';
import { whyNotFunction } from '@/lib/domains/desk/check/other-dialects';
import type { TreeNode } from '@/lib/domains/desk/check/parse-tree';
import { RefusedText } from '@/lib/domains/desk/check/refused-text';

const startOf = (node: TreeNode): number | null => (Array.isArray(node.range) ? node.range[0] : null);
const refused = (node: TreeNode, reason: string) => new RefusedText(reason, startOf(node));
const isKind = (value: unknown, ...kinds: string[]): value is TreeNode =>
  typeof value === 'object' && value !== null && kinds.includes((value as TreeNode).type);
const plainWord = /^[A-Za-z_][A-Za-z0-9_]*$/;
const greatest = 9_223_372_036_854_775_807n;

function checkIdentifier(node: TreeNode): void {
  const { text, name } = node;
  if (typeof text !== 'string' || typeof name !== 'string' || !plainWord.test(name) || name.length > 300)
    throw refused(node, 'Names have letters a-z, digits and _, and begin with no digit.');
  if (text !== name && text !== `\`${name}\``)
    throw refused(node, 'A literal cannot be a name; put names that are keywords between backticks.');
  if (pseudoColumn.test(name)) throw refused(node, `\`${name}\` cannot be used here.`);
}

/** The name of a function as its parts; null where it is no plain name. */
function functionPath(name: unknown): string[] | null {
  if (isKind(name, 'identifier')) return name.text === name.name ? [String(name.name)] : null;
  if (!isKind(name, 'member_expr')) return null;
  const before = functionPath(name.object);
  const last = functionPath(name.property);
  return before && last ? [...before, ...last] : null;
}

function checkCall(node: TreeNode): void {
  const path = functionPath(node.name);
  if (!path) throw refused(node, 'This is no function that can be called here.');
  if (!isKnownFunction(path)) throw refused(node, whyNotFunction(path));
  const args = isKind(node.args, 'paren_expr') ? node.args.expr : null;
  if (!isKind(args, 'func_args') || !isKind(args.args, 'list_expr') || !Array.isArray(args.args.items)) return;
  const query = args.args.items.find(item => isKind(item, 'select_stmt', 'compound_select_stmt'));
  if (query && !takesQuery(path.at(-1)!.toLowerCase()))
    throw refused(query, 'Put a query that is an argument in brackets of its own.');
}

function checkNumber(node: TreeNode): void {
  const text = String(node.text);
  if (text.length > 80) throw refused(node, 'This number has too many digits.');
  // One more than the greatest is the least, where a minus stands before it.
  if (/^(?:\d+|0[xX][0-9a-fA-F]+)$/.test(text) && BigInt(text) > greatest + 1n)
    throw refused(node, 'This number is too large for INT64; write NUMERIC with a literal for more digits.');
}

/** LIMIT and OFFSET take whole numbers that INT64 can hold. */
function checkLimit(node: TreeNode): void {
  for (const count of [node.count, node.offset]) {
    if (count === undefined) continue;
    if (
      !isKind(count, 'number_literal') ||
      !/^\d{1,19}$/.test(String(count.text)) ||
      BigInt(String(count.text)) > greatest
    )
      throw refused(node, 'LIMIT and OFFSET take whole numbers.');
  }
  if (node.offset !== undefined && node.offsetKw === undefined) throw refused(node, 'Write LIMIT … OFFSET ….');
  if (node.count === undefined) throw refused(node, 'LIMIT takes a whole number.');
}

function checkOperator(allowed: ReadonlySet<string>) {
  return (node: TreeNode): void => {
    const { operator, right } = node;
    if (typeof operator === 'string' && !allowed.has(operator))
      throw refused(node, `The operator \`${operator.slice(0, 5)}\` cannot be used here.`);
    const words = [operator].flat();
    const last = words.at(-1);
    if (isKind(last, 'keyword') && last.name === 'IN' && !isKind(right, 'paren_expr', 'unnest_expr'))
      throw refused(node, 'IN takes a list in brackets, a query in brackets or UNNEST(…).');
  };
}

function checkType(node: TreeNode): void {
  const type = node.dataType;
  if (!isKind(type, ...Object.keys(dataTypes))) throw refused(node, 'This is no type of GoogleSQL.');
  if (Array.isArray(node.constraints) && node.constraints.length > 0)
    throw refused(node, 'This is no type of GoogleSQL.');
}

const checkKeyword = (node: TreeNode): void => {
  if (!keywords.has(String(node.name))) throw refused(node, `${String(node.name).slice(0, 40)} cannot be used here.`);
};

/** Checks by kind of node; they throw RefusedText. */
export const nodeChecks: Readonly<Record<string, (node: TreeNode) => void>> = {
  keyword: checkKeyword,
  identifier: checkIdentifier,
  func_call: checkCall,
  number_literal: checkNumber,
  limit_clause: checkLimit,
  binary_expr: checkOperator(binaryOperators),
  prefix_op_expr: checkOperator(prefixOperators),
  join_expr: checkOperator(new Set([','])),
  cast_arg: checkType,
  typed_expr: checkType,
  array_type_param: checkType,
  struct_type_param: checkType,
  modified_data_type: checkType,
};
