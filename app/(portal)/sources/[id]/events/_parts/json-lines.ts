/** A JSON value as lines of a tree. Pure. */

export type JsonLine = {
  name: string;
  /** The value as JSON, or how much there is below: "3 fields". */
  text: string;
  /** Below an object or array. */
  children?: JsonLine[];
  isOpen?: boolean;
};

/** Lines that are drawn at most; a batch of thousands of fields would make a page of megabytes. */
const mostLines = 300;
/** Levels that are open at first. */
const openLevels = 2;

const isTree = (value: unknown): value is object => typeof value === 'object' && value !== null;

function sizeOf(value: object): string {
  const count = Object.keys(value).length;
  const noun = Array.isArray(value) ? 'item' : 'field';
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** The lines of an object's fields (or of an array's items), and how many were left out. */
export function jsonLines(value: unknown): { lines: JsonLine[]; left: number } {
  const budget = { drawn: 0, left: 0 };
  const linesOf = (tree: object, level: number): JsonLine[] =>
    Object.entries(tree).flatMap(([name, inner]): JsonLine[] => {
      if (budget.drawn >= mostLines) {
        budget.left++;
        return [];
      }
      budget.drawn++;
      if (!isTree(inner)) return [{ name, text: JSON.stringify(inner) ?? 'null' }];
      const children = linesOf(inner, level + 1);
      return [{ name, text: sizeOf(inner), children, isOpen: level < openLevels }];
    });
  const lines = isTree(value) ? linesOf(value, 0) : [{ name: 'value', text: JSON.stringify(value) ?? 'null' }];
  return { lines, left: budget.left };
}
