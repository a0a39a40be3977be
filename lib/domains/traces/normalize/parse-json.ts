/** JSON as programs write it: also with Python's bare NaN and Infinity, which JSON has not. */

const [backslash, minus, upperI, upperN] = [0x5c, 0x2d, 0x49, 0x4e];

/** Far more than logprobs come to; a text of more is no JSON, so that it takes no longer than other texts. */
const mostWords = 100_000;

/**
 * Numbers that JSON reads as not finite, so that a field that is read refuses its record, and no other does. Between spaces, so that
 * they do not become part of what stands beside them.
 */
const notFinite: Readonly<Record<string, string>> = { NaN: ' 1e999 ', Infinity: ' 1e999 ', '-Infinity': ' -1e999 ' };

function wordAt(text: string, at: number): string | null {
  const code = text.charCodeAt(at);
  if (code === upperN) return text.startsWith('NaN', at) ? 'NaN' : null;
  if (code === upperI) return text.startsWith('Infinity', at) ? 'Infinity' : null;
  return code === minus && text.startsWith('Infinity', at + 1) ? '-Infinity' : null;
}

/** Behind the string that begins at `from`, after its quote; the text's end where it is not closed. */
function stringEnd(text: string, from: number): number {
  for (let close = text.indexOf('"', from); close !== -1; close = text.indexOf('"', close + 1)) {
    let before = close;
    while (before > from && text.charCodeAt(before - 1) === backslash) before -= 1;
    if ((close - before) % 2 === 0) return close + 1;
  }
  return text.length;
}

/** The text with its bare words outside of strings as numbers, null where it has too many; looks at each sign twice at most. */
function withNumbers(text: string): string | null {
  const parts: string[] = [];
  let [from, at] = [0, 0];
  while (at < text.length) {
    const quote = text.indexOf('"', at);
    const end = quote === -1 ? text.length : quote;
    while (at < end) {
      const word = wordAt(text, at);
      if (word !== null) {
        if (parts.length >= 2 * mostWords) return null;
        parts.push(text.slice(from, at), notFinite[word]!);
        from = at + word.length;
      }
      at += word?.length ?? 1;
    }
    if (quote !== -1) at = stringEnd(text, quote + 1);
  }
  return parts.length === 0 ? null : parts.join('') + text.slice(from);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The value of a text; undefined where it is no JSON. A text without bare words is parsed once. */
export function parseJson(text: string): unknown {
  const value = parsed(text);
  if (value !== undefined || !/NaN|Infinity/.test(text)) return value;
  const numbered = withNumbers(text);
  return numbered === null ? undefined : parsed(numbered);
}
