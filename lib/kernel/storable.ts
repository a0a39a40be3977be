/** Text and JSON that Postgres and BigQuery can both keep: no NUL, no half surrogates, bounded depth, size and whole numbers. */
import { z } from 'zod';
import { isStorable } from '@/lib/kernel/input';
import { boundJson } from '@/lib/kernel/input-size';
import { fitsInt64, isLongNumber } from '@/lib/platform/exact-json';

/** Levels of one JSON value. */
export const maxJsonDepth = 100;

/** Non-empty text of at most `maxLength` UTF-16 units. */
export const storableText = (maxLength: number) =>
  z.string().min(1).max(maxLength).refine(isStorable, 'It contains a character that cannot be stored.');

/** The start of a text, as both stores can keep it: what they cannot is put as U+FFFD. */
export const storableStart = (text: string, maxLength: number): string =>
  text.slice(0, maxLength).replaceAll('\0', '\ufffd').toWellFormed();

type Path = (string | number)[];
export type JsonProblem = { path: Path; message: string };

function problemOfScalar(value: unknown): string | null {
  if (typeof value === 'string') return isStorable(value) ? null : 'It contains a character that cannot be stored.';
  if (isLongNumber(value) && !fitsInt64(value)) return 'This whole number does not fit 64 bits; send it as text.';
  return null;
}

/**
 * The first problem in a JSON value and where it is, or null. Walks without recursion, as a hostile body may be nested very
 * deep, and stops once more than `maxBytes` have been seen.
 */
export function jsonProblem(root: unknown, maxBytes: number): JsonProblem | null {
  const open: { value: unknown; path: Path }[] = [{ value: root, path: [] }];
  const tooLarge = { path: [], message: `It is larger than ${maxBytes} bytes.` };
  // At least so many bytes; what is exact is asked at the end, when it cannot be much more.
  let seen = 0;
  for (let next = open.pop(); next; next = open.pop()) {
    const { value, path } = next;
    const problem = problemOfScalar(value);
    if (problem) return { path, message: problem };
    seen += typeof value === 'string' ? value.length + 2 : 1;
    if (seen > maxBytes) return tooLarge;
    if (typeof value !== 'object' || value === null || isLongNumber(value)) continue;
    if (path.length === maxJsonDepth) return { path: [], message: `It is nested deeper than ${maxJsonDepth} levels.` };
    for (const name in value) {
      if (!isStorable(name)) return { path, message: 'It contains a name that cannot be stored.' };
      seen += Array.isArray(value) ? 1 : name.length + 3;
      if (seen > maxBytes) return tooLarge;
      open.push({ value: (value as Record<string, unknown>)[name], path: [...path, name] });
    }
  }
  return Buffer.byteLength(JSON.stringify(root)) > maxBytes ? tooLarge : null;
}

const addProblem = (maxBytes: number) => (value: unknown, context: z.RefinementCtx) => {
  const problem = jsonProblem(value, maxBytes);
  if (problem) context.addIssue({ code: 'custom', ...problem });
};

/** A JSON object of at most `maxBytes` bytes of UTF-8; its names are the caller's own, as many as fit. */
export const storableJson = (maxBytes: number) =>
  boundJson(z.record(z.string(), z.unknown()).superRefine(addProblem(maxBytes)), value => jsonProblem(value, maxBytes));

/** A JSON array of at most `maxBytes` bytes of UTF-8. */
export const storableJsonList = (maxBytes: number) =>
  boundJson(z.array(z.unknown()).superRefine(addProblem(maxBytes)), value => jsonProblem(value, maxBytes));

/** What of a value no store can keep, and where: the names that lead to it. */
export type Unkeepable = { what: 'text' | 'name' | 'number' | 'depth'; path: string[] };

/**
 * The first thing in parsed JSON that no store can keep, or null: a NUL or half a character, a number beyond a double, more than
 * `levels` of nesting, which also bounds its own. Paths are only made where there is one.
 */
export function unkeepable(value: unknown, levels: number): Unkeepable | null {
  if (typeof value === 'string') return isStorable(value) ? null : { what: 'text', path: [] };
  if (typeof value === 'number') return Number.isFinite(value) ? null : { what: 'number', path: [] };
  if (typeof value !== 'object' || value === null || isLongNumber(value)) return null;
  if (levels <= 0) return { what: 'depth', path: [] };
  for (const name in value) {
    if (!isStorable(name)) return { what: 'name', path: [] };
    const found = unkeepable((value as Record<string, unknown>)[name], levels - 1);
    if (found) return { ...found, path: [name, ...found.path] };
  }
  return null;
}
