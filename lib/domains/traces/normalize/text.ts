/** Texts of a row: without what no store keeps, and no longer than a name is. */
import { createHash } from 'node:crypto';
import { traceSizes } from '@/lib/domains/traces/rules';
import { tokenRules } from '@/lib/kernel/secret-patterns';

/** Printable ASCII, no space at either end. */
const clean = /^[!-~](?:[ -~]*[!-~])?$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
const controls = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g;

/** Signs kept of a longer text, so that no half of a surrogate pair is left. */
function cut(text: string, signs: number): string {
  return text.length <= signs ? text : text.slice(0, signs).replace(/[\ud800-\udbff]$/, '');
}

/** The text without control characters, halves of surrogate pairs and spaces at its ends; null where nothing is left. */
function cleanText(text: string): string | null {
  if (clean.test(text)) return text;
  const left = text.toWellFormed().replace(controls, ' ').trim();
  return left === '' ? null : left;
}

/** A name of at most 256 signs, null where it is empty. */
export function nameText(text: string): string | null {
  const left = cleanText(text);
  return left === null || left.length <= traceSizes.nameSigns ? left : cut(left, traceSizes.nameSigns);
}

const hashSigns = 40;

/** An id, null where it is empty. One that is too long keeps its beginning and ends in the SHA-1 of the whole, so that ids stay apart. */
export function idText(text: string): string | null {
  const left = cleanText(text);
  if (left === null || left.length <= traceSizes.nameSigns) return left;
  return `${cut(left, traceSizes.nameSigns - hashSigns - 1)}~${createHash('sha1').update(left).digest('hex')}`;
}

/** Far more than is kept, so that no secret is cut in its middle before it is found. */
const messageReadSigns = 4_000;

/** Message of a failure, at most 500 signs, without secrets that providers repeat in it; null where it is empty. */
export function messageText(text: string): string | null {
  const left = cleanText(text.slice(0, messageReadSigns));
  if (left === null) return null;
  return cut(
    tokenRules.reduce((rest, { pattern, by }) => rest.replace(pattern, by), left),
    traceSizes.errorSigns,
  );
}

const maxTags = 20;
const maxTagSigns = 100;

/** Tags separated by commas, null where there are none: the first 20, of each 100 signs; a comma within one becomes a space. */
export function tagsText(tags: readonly string[]): string | null {
  const kept = tags
    .slice(0, maxTags)
    .map(tag => cleanText(tag.replaceAll(',', ' ')))
    .filter(tag => tag !== null)
    .map(tag => cut(tag, maxTagSigns));
  return kept.length === 0 ? null : kept.join(',');
}
