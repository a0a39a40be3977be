/** Walks the tree of a text: only listed kinds, functions and tables may be in it. Whatever is not on a list is refused. */

import { nodeChecks } from '@/lib/domains/desk/check/node-checks';
import { nodeKinds } from '@/lib/domains/desk/check/node-kinds';
import { whyRefused } from '@/lib/domains/desk/check/node-words';
import type { TreeNode } from '@/lib/domains/desk/check/parse-tree';
import { RefusedText } from '@/lib/domains/desk/check/refused-text';
import { firstName, type NamedTables, type Scope } from '@/lib/domains/desk/check/tables';
import { deepestTree } from '@/lib/domains/desk/rules';

type Spot = { scope: Scope; depth: number };

const isNode = (value: unknown): value is TreeNode =>
  typeof value === 'object' && value !== null && typeof (value as TreeNode).type === 'string';
const startOf = (node: TreeNode): number | null => (Array.isArray(node.range) ? node.range[0] : null);
const isQuery = (node: unknown): node is TreeNode =>
  isNode(node) && (node.type === 'select_stmt' || node.type === 'compound_select_stmt');
const refused = (node: TreeNode, property?: string): RefusedText =>
  new RefusedText(whyRefused(node.type, property), startOf(node));

/** The clauses of a select, each a node. */
function clausesOf(select: TreeNode): TreeNode[] {
  if (!Array.isArray(select.clauses) || !select.clauses.every(isNode)) throw refused(select);
  return select.clauses;
}

/** What a clause may be; the parser's type allows more. */
const clauseKinds = new Set(
  ['with', 'select', 'from', 'where', 'group_by', 'having', 'qualify', 'window', 'order_by', 'limit'].map(
    name => `${name}_clause`,
  ),
);

/** Kinds of FROM that stand around others, with the properties that hold those. */
const within: Record<string, readonly string[]> = {
  paren_expr: ['expr'],
  alias: ['expr'],
  join_expr: ['left', 'right'],
  pivot_expr: ['left'],
  unpivot_expr: ['left'],
};

/** Reads one text's tree. */
export class Tree {
  constructor(private readonly tables: NamedTables) {}

  /** Checks a whole text and answers its only query. Throws RefusedText. */
  check(program: TreeNode): TreeNode {
    const { statements } = program;
    if (program.type !== 'program' || !Array.isArray(statements) || !isNode(statements[0]))
      throw new RefusedText('Write a SELECT.');
    const query = statements[0];
    if (!isQuery(query)) throw refused(query);
    if (isNode(statements[1])) throw new RefusedText('A query is one statement.', startOf(statements[1]));
    this.#known(program);
    this.#query(query, { scope: new Set(), depth: 1 });
    return query;
  }

  /** Refuses a kind, or a property of one, that is not on the list. */
  #known(node: TreeNode): readonly string[] {
    const kind = nodeKinds.get(node.type);
    if (!kind) throw refused(node);
    for (const [key, value] of Object.entries(node)) {
      if (key === 'type' || key === 'range' || value === undefined) continue;
      const holds = typeof value === 'object' ? kind.nodes : (kind.values ?? []);
      if (value === null ? !kind.values?.includes(key) : !holds.includes(key)) throw refused(node, key);
    }
    nodeChecks[node.type]?.(node);
    return kind.nodes;
  }

  #visit(value: unknown, spot: Spot): void {
    if (spot.depth > deepestTree) throw new RefusedText('The text is nested too deeply.');
    const deeper = { ...spot, depth: spot.depth + 1 };
    if (Array.isArray(value)) {
      for (const each of value) this.#visit(each, deeper);
    } else if (isQuery(value)) this.#query(value, deeper);
    else if (isNode(value)) this.#node(value, deeper);
    else if (typeof value === 'object' && value !== null) throw new RefusedText('The text cannot be read.');
  }

  #node(node: TreeNode, spot: Spot): void {
    const properties = this.#known(node);
    if (node.type === 'from_clause') this.#from(node.expr, spot);
    else for (const property of properties) this.#visit(node[property], spot);
  }

  /** A select or a set operation; the WITH clause of the leftmost select is seen by all of it. */
  #query(node: TreeNode, spot: Spot): void {
    let leftmost = node;
    while (leftmost.type === 'compound_select_stmt') {
      if (!isQuery(leftmost.left)) throw refused(leftmost);
      leftmost = leftmost.left;
    }
    const [first] = clausesOf(leftmost);
    const scope = first?.type === 'with_clause' ? this.#with(first, spot) : spot.scope;
    this.#operand(node, { ...spot, scope }, { leftmost: true, rightmost: true });
  }

  #operand(node: TreeNode, spot: Spot, place: { leftmost: boolean; rightmost: boolean }): void {
    if (spot.depth > deepestTree) throw new RefusedText('The text is nested too deeply.');
    this.#known(node);
    const deeper = { ...spot, depth: spot.depth + 1 };
    if (node.type === 'compound_select_stmt') {
      const { left, operator, right } = node;
      if (!isQuery(left) || !isQuery(right)) throw refused(node);
      this.#operand(left, deeper, { ...place, rightmost: false });
      this.#visit(operator, deeper);
      this.#operand(right, deeper, { ...place, leftmost: false });
      return;
    }
    for (const [index, clause] of clausesOf(node).entries()) this.#clause(clause, deeper, { ...place, index });
  }

  #clause(clause: TreeNode, spot: Spot, place: { leftmost: boolean; rightmost: boolean; index: number }): void {
    if (clause.type === 'with_clause') {
      if (!place.leftmost || place.index > 0)
        throw new RefusedText('Put this WITH query in brackets.', startOf(clause));
      return;
    }
    if (clause.type === 'paren_expr') {
      this.#known(clause);
      if (!isQuery(clause.expr)) throw refused(clause);
      this.#visit(clause.expr, spot);
      return;
    }
    if (!clauseKinds.has(clause.type)) throw refused(clause);
    if (!place.rightmost && (clause.type === 'order_by_clause' || clause.type === 'limit_clause'))
      throw new RefusedText('Put this SELECT in brackets: ORDER BY and LIMIT end the whole query.', startOf(clause));
    this.#visit(clause, spot);
  }

  #with(clause: TreeNode, spot: Spot): Scope {
    this.#known(clause);
    const list = clause.tables;
    if (!isNode(list) || list.type !== 'list_expr' || !Array.isArray(list.items)) throw refused(clause);
    let { scope } = spot;
    for (const item of list.items) {
      if (!isNode(item) || item.type !== 'common_table_expr') throw refused(clause);
      this.#known(item);
      const { table, expr } = item;
      if (!isNode(table) || table.type !== 'identifier' || typeof table.name !== 'string') throw refused(item);
      if (!isNode(expr) || expr.type !== 'paren_expr' || !isQuery(expr.expr)) throw refused(item);
      this.#visit(table, spot);
      this.#known(expr);
      this.#visit(expr.expr, { ...spot, scope });
      scope = this.tables.define(scope, table.name, startOf(table) ?? 0);
    }
    return scope;
  }

  #from(node: unknown, spot: Spot): void {
    if (!isNode(node)) throw new RefusedText('The text cannot be read.');
    if (spot.depth > deepestTree) throw new RefusedText('The text is nested too deeply.');
    const deeper = { ...spot, depth: spot.depth + 1 };
    const at = startOf(node) ?? 0;
    if (node.type === 'identifier') {
      this.#known(node);
      this.tables.name(spot.scope, String(node.name), at);
    } else if (node.type === 'member_expr' || node.type === 'bigquery_quoted_member_expr') {
      this.tables.path(firstName(node), at);
    } else if (node.type === 'func_call') {
      throw new RefusedText('Functions cannot be used as tables, except UNNEST.', at);
    } else if (node.type === 'unnest_expr') this.#visit(node, deeper);
    else if (node.type === 'unnest_with_offset_expr') this.#unnestWithOffset(node, deeper);
    else if (node.type in within) this.#fromAround(node, deeper);
    else throw refused(node);
  }

  /** A source with something around it: its other parts are read as any node's. */
  #fromAround(node: TreeNode, spot: Spot): void {
    for (const property of this.#known(node)) {
      const value = node[property];
      if (within[node.type]?.includes(property) && !isQuery(value)) this.#from(value, spot);
      else this.#visit(value, spot);
    }
  }

  #unnestWithOffset(node: TreeNode, spot: Spot): void {
    const inner = isNode(node.unnest) && node.unnest.type === 'alias' ? node.unnest.expr : node.unnest;
    if (!isNode(inner) || inner.type !== 'unnest_expr')
      throw new RefusedText('WITH OFFSET follows UNNEST(…).', startOf(node));
    this.#visit(node, spot);
  }
}
