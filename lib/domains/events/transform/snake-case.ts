/** Any text as a name in snake_case of a–z, 0–9 and _, as Segment writes it. Source: docs/spec/004-event-collection.md, Schema Conventions. */
import { LRUCache } from 'lru-cache';

/** Names are not read beyond this; what is longer is cut and told apart by a hash where it is used. */
export const signsRead = 1_000;
const signsCached = 200;

/** Letters that Unicode does not take apart into a Latin letter and its accent. */
const latin: Record<string, string> = { ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', đ: 'd', ð: 'd', þ: 'th', ł: 'l', ı: 'i' };
const latinLetters = /[ßæœøđðþłı]/giu;

/** Words are not cut: `utf8` stays, `orderId` and `HTTPServer` are two. */
const splitWords = (text: string): string =>
  text.replace(/([a-z0-9])([A-Z])/g, '$1_$2').replace(/([A-Z])([A-Z][a-z])/g, '$1_$2');

/** `価` → `u4fa1`: two names of another script stay two names. */
const spelled = (run: string): string =>
  `_${Array.from(run, sign => `u${sign.codePointAt(0)?.toString(16)}`).join('')}_`;

const withoutAccents = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/(\p{Script=Latin})\p{M}+/gu, '$1')
    .normalize('NFC')
    .replace(latinLetters, letter => latin[letter.toLowerCase()] ?? letter);

/** Every run of other signs is one `_`; none at the ends. */
function joined(text: string): string {
  const name = text.replace(/[^A-Za-z0-9]+/g, '_').toLowerCase();
  const start = name.startsWith('_') ? 1 : 0;
  return name.slice(start, name.length > start && name.endsWith('_') ? -1 : undefined);
}

function convert(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII is what is asked for.
  if (/^[\x00-\x7f]*$/.test(text)) return joined(splitWords(text));
  const letters = withoutAccents(text);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: as above.
  const name = joined(splitWords(letters.replace(/(?:(?![\x00-\x7f])[\p{L}\p{M}\p{N}])+/gu, spelled)));
  // Only where nothing else is left do other signs count: an emoji parts words like a blank.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: as above.
  return name === '' ? joined(letters.replace(/[^\x00-\x7f]+/gu, spelled)) : name;
}

const cache = new LRUCache<string, string>({ max: 20_000 });

/**
 * `orderId` → `order_id`, `Sign-up: Step 1!` → `sign_up_step_1`, `Prénom` → `prenom`, `価格` → `u4fa1u683c`. May begin with a
 * digit; empty where the text has no letter, digit or picture. Only the first 1,000 signs count.
 */
export function snakeCase(text: string): string {
  if (text.length > signsCached) return convert(text.slice(0, signsRead));
  let name = cache.get(text);
  if (name === undefined) {
    name = convert(text);
    cache.set(text, name);
  }
  return name;
}
