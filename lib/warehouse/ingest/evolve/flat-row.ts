/** Reads rows of the spool as text, so that numbers stay as they were written: flat JSON objects without spaces. */

const quote = 34;
const backslash = 92;

/** Index after the quote that ends the text which begins at `start`. */
function afterText(line: string, start: number): number {
  for (let at = line.indexOf('"', start + 1); at >= 0; at = line.indexOf('"', at + 1)) {
    let slashes = 0;
    while (line.charCodeAt(at - 1 - slashes) === backslash) slashes++;
    if (slashes % 2 === 0) return at + 1;
  }
  throw new Error('a row of the spool ends within a text');
}

function afterWord(line: string, start: number): number {
  const comma = line.indexOf(',', start);
  const end = comma < 0 ? line.lastIndexOf('}') : comma;
  if (end <= start || /[[{]/.test(line.charAt(start))) throw new Error('a row of the spool is not flat');
  return end;
}

/** Calls back with each member in order; values are their JSON text. Throws where the row is not flat. */
export function eachCell(line: string, visit: (name: string, value: string) => void): void {
  let at = 1;
  while (line.charCodeAt(at) === quote) {
    const nameEnd = afterText(line, at);
    const from = nameEnd + 1;
    const to = line.charCodeAt(from) === quote ? afterText(line, from) : afterWord(line, from);
    visit(line.slice(at + 1, nameEnd - 1), line.slice(from, to));
    at = to + 1;
  }
}

/** The named texts of a row, decoded; '' where it has none. */
export function textsOf(line: string, ...names: string[]): string[] {
  const found = new Map<string, string>();
  eachCell(line, (name, value) => {
    if (names.includes(name) && value.startsWith('"')) found.set(name, JSON.parse(value));
  });
  return names.map(name => found.get(name) ?? '');
}

/** Lines of NDJSON in order, without their line ends; empty ones are left out. */
export function* linesOf(ndjson: string): Generator<string> {
  for (let at = 0; at < ndjson.length; ) {
    const end = ndjson.indexOf('\n', at);
    const to = end < 0 ? ndjson.length : end;
    if (to > at) yield ndjson.slice(at, to);
    at = to + 1;
  }
}
