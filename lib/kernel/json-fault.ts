/** Where a text stops being JSON, without repeating any of it: the engine's own message quotes what stands there. */

const space = /[ \t\n\r]*/y;
const scalar =
  /"(?:[ !#-[\]-\uffff]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
const deepest = 200;

/** The index of the fault; caught below and nowhere else. */
class Fault extends Error {
  constructor(readonly at: number) {
    super('not JSON');
  }
}

function skip(pattern: RegExp, text: string, at: number): number | null {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : null;
}

const skipSpace = (text: string, at: number): number => skip(space, text, at) ?? at;

/** One entry of an object or a list; the name of an object's entry comes first. */
function skipEntry(text: string, at: number, isObject: boolean, depth: number): number {
  if (!isObject) return skipValue(text, at, depth);
  const name = text[at] === '"' ? skip(scalar, text, at) : null;
  if (name === null) throw new Fault(at);
  const colon = skipSpace(text, name);
  if (text[colon] !== ':') throw new Fault(colon);
  return skipValue(text, colon + 1, depth);
}

function skipValue(text: string, from: number, depth: number): number {
  const at = skipSpace(text, from);
  const open = text[at];
  if (open !== '{' && open !== '[') {
    const end = skip(scalar, text, at);
    if (end === null) throw new Fault(at);
    return end;
  }
  if (depth === deepest) throw new Fault(at);
  const close = open === '{' ? '}' : ']';
  let next = skipSpace(text, at + 1);
  if (text[next] === close) return next + 1;
  for (;;) {
    next = skipSpace(text, skipEntry(text, next, open === '{', depth + 1));
    if (text[next] === close) return next + 1;
    if (text[next] !== ',') throw new Fault(next);
    next = skipSpace(text, next + 1);
  }
}

/** Line and column, from 1, at which a text is not JSON; null where it is. */
export function jsonFault(text: string): { line: number; column: number } | null {
  try {
    const end = skipSpace(text, skipValue(text, 0, 0));
    if (end < text.length) throw new Fault(end);
    return null;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const before = text.slice(0, error.at).split('\n');
    return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
  }
}
