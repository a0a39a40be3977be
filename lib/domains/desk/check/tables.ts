/** Which tables a text names: own ones by one word, and what its own WITH clauses define, each where it can be seen. */
import type { TreeNode } from '@/lib/domains/desk/check/parse-tree';
import { RefusedText } from '@/lib/domains/desk/check/refused-text';

/** Names of WITH queries that can be seen, in small letters. */
export type Scope = ReadonlySet<string>;

const known = (tables: readonly string[]) => `\`${tables.slice(0, 3).join('`, `')}\``;
const show = (name: string) => (/^[A-Za-z0-9_]{1,80}$/.test(name) ? `\`${name}\`` : 'This');

/** Collects the customer's tables that a text names. */
export class NamedTables {
  readonly #own: ReadonlySet<string>;
  readonly #small: ReadonlyMap<string, string>;
  readonly #found = new Set<string>();
  readonly #defined = new Set<string>();

  constructor(private readonly tables: readonly string[]) {
    this.#own = new Set(tables);
    this.#small = new Map(tables.map(name => [name.toLowerCase(), name]));
  }

  /** Names of own tables that were read, sorted. */
  found(): string[] {
    return [...this.#found].sort();
  }

  /** Adds a WITH query to a scope. Its name is none of a table and is used once, so that a name means one thing in the whole text. */
  define(scope: Scope, name: string, at: number): Scope {
    const small = name.toLowerCase();
    if (this.#small.has(small))
      throw new RefusedText(`${show(name)} is a table; give the WITH query another name.`, at);
    if (this.#defined.has(small)) throw new RefusedText(`Two WITH queries are named ${show(name)}.`, at);
    this.#defined.add(small);
    return new Set([...scope, small]);
  }

  /** Reads the name of a table in FROM. */
  name(scope: Scope, name: string, at: number): void {
    if (scope.has(name.toLowerCase())) return;
    if (this.#own.has(name)) this.#found.add(name);
    else throw new RefusedText(this.#whyNot(name), at);
  }

  #whyNot(name: string): string {
    const near = this.#small.get(name.toLowerCase());
    if (near) return `Names of tables are written in small letters: \`${near}\`.`;
    return `${show(name)} is not one of your tables; they are named by one word, as ${known(this.tables)}.`;
  }

  /** Refuses a name of several parts: another dataset's table, or a column that is an array. */
  path(first: string | null, at: number): never {
    const array = first !== null && (this.#small.has(first.toLowerCase()) || this.#defined.has(first.toLowerCase()));
    throw new RefusedText(
      array
        ? 'To read an array of a row, write UNNEST(table.column).'
        : `Tables are named by one word, as ${known(this.tables)}; a name of several parts is not one of them. To read an array of a row, write UNNEST(…).`,
      at,
    );
  }
}

/** The leftmost name of `a.b.c`, or null where it begins otherwise. */
export function firstName(node: TreeNode): string | null {
  let at: unknown = node;
  while (typeof at === 'object' && at !== null && (at as TreeNode).type === 'member_expr') at = (at as TreeNode).object;
  const { type, name } = (at ?? {}) as TreeNode;
  return type === 'identifier' && typeof name === 'string' ? name : null;
}
