/**
 * Counts what makes a JSON body slow to parse, before it is parsed: a megabyte of names that are all different, or of empty
 * lists, holds JSON.parse alone for a quarter of a second, and a look over its bytes for a few milliseconds.
 */

export type ShapeLimits = {
  /** Different names in one body. */
  names: number;
  /** Objects and lists in one body. */
  containers: number;
};

/** Of calls of 1 MB: 500 steps have ten names, and what their metadata adds. */
const usual: ShapeLimits = { names: 10_000, containers: 50_000 };
/** No smaller body can hold as much. */
const looksFrom = 32_768;

const [quote, backslash, colon, openList, openObject] = [...Buffer.from('"\\:[{')] as [
  number,
  number,
  number,
  number,
  number,
];
const isSpace = (byte: number | undefined): boolean => byte === 32 || byte === 10 || byte === 13 || byte === 9;

/** Where the text that starts at `start` ends, and a hash (FNV-1a) of its bytes. */
function readText(bytes: Buffer, start: number): { end: number; hash: number } {
  let hash = 0x811c9dc5;
  let at = start + 1;
  for (; at < bytes.length && bytes[at] !== quote; at++) {
    if (bytes[at] === backslash) at++;
    hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x01000193);
  }
  return { end: at, hash };
}

/** Whether a body with so many names, alike or different, and so many objects and lists has to be looked at at all. */
export const mayBeSlow = (names: number, containers: number): boolean =>
  names > usual.names || containers > usual.containers;

/** Why this body is not parsed; null where it may be. Whether it is JSON at all is not asked here. */
export function bodyProblem(bytes: Buffer, most: ShapeLimits = usual): string | null {
  if (bytes.length < looksFrom) return null;
  const names = new Set<number>();
  let containers = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === quote) {
      const { end, hash } = readText(bytes, at);
      at = end;
      let next = end + 1;
      while (isSpace(bytes[next])) next++;
      if (bytes[next] === colon) names.add(hash);
    } else if (byte === openList || byte === openObject) containers += 1;
    if (names.size > most.names) return `The body has more than ${most.names} different names.`;
    if (containers > most.containers) return `The body has more than ${most.containers} objects and lists.`;
  }
  return null;
}
