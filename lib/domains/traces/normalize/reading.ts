/** Reads the fields of one record and notes what is wrong with them; it never throws, whatever the record holds. */
import type { Form, Place } from '@/lib/domains/traces/normalize/form';
import { isLikely, microsOfSeconds, microsOfText } from '@/lib/domains/traces/normalize/instant';
import type { TraceProblem, TraceProblemCode } from '@/lib/domains/traces/rules';

export type JsonObject = Readonly<Record<string, unknown>>;

export type Reading = {
  /** The record and the objects in it, by index of the form's holders. */
  readonly objects: readonly (JsonObject | null)[];
  readonly problems: TraceProblem[];
};

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Notes a problem of a field, each field once. */
export function addProblem({ problems }: Reading, code: TraceProblemCode, field: string): void {
  if (!problems.some(known => known.field === field)) problems.push({ code, field });
}

/** Opens a record: its objects are looked up once. */
export function openRecord(form: Form<string>, record: JsonObject): Reading {
  const objects: (JsonObject | null)[] = [record];
  const problems: TraceProblem[] = [];
  for (let index = 1; index < form.holders.length; index += 1) {
    const { parent, name, isFree, path } = form.holders[index]!;
    const value = objects[parent]?.[name];
    if (isObject(value)) objects.push(value);
    else {
      objects.push(null);
      if (!isFree && value !== null && value !== undefined) problems.push({ code: 'wrong_type', field: path });
    }
  }
  return { objects, problems };
}

const isAbsent = (value: unknown): boolean => value === null || value === undefined || value === '';

function tagged(list: unknown, tag: string): string | null {
  if (!Array.isArray(list)) return null;
  for (const item of list) if (typeof item === 'string' && item.startsWith(tag)) return item.slice(tag.length);
  return null;
}

function valueAt(reading: Reading, place: Place): unknown {
  const value = reading.objects[place.at]?.[place.name];
  return place.tag === null ? value : tagged(value, place.tag);
}

/** The first text that `as` makes something of, null where there is none; whole numbers are taken for their digits, as of ids. */
export function readText(
  reading: Reading,
  places: readonly Place[],
  as: (text: string) => string | null,
): string | null {
  for (const place of places) {
    const value = valueAt(reading, place);
    if (isAbsent(value)) continue;
    const isText = typeof value === 'string';
    if (isText || (typeof value === 'number' && Number.isSafeInteger(value))) {
      const text = as(isText ? value : `${value}`);
      if (text !== null) return text;
    } else if (!place.isFree) addProblem(reading, 'wrong_type', place.path);
  }
  return null;
}

export type NumberRange = { least: number; most: number; isWhole: boolean };

const amounts: NumberRange = { least: 0, most: Number.MAX_SAFE_INTEGER, isWhole: false };
const counts: NumberRange = { ...amounts, isWhole: true };

/** What is wrong with a number that must be finite, not negative, exact as a double and within a range; null where nothing is. */
function faultOf(value: unknown, { least, most, isWhole }: NumberRange): TraceProblemCode | null {
  if (typeof value !== 'number') return 'wrong_type';
  if (!Number.isFinite(value)) return 'not_a_number';
  if (value < 0) return 'negative';
  if (value > Number.MAX_SAFE_INTEGER) return 'out_of_range';
  if (isWhole && !Number.isInteger(value)) return 'not_whole';
  return value < least || value > most ? 'out_of_range' : null;
}

/** A number as text, also as Python writes small ones: `1e-05`. */
const digits = /^\d{1,17}(?:\.\d{1,30})?(?:e[+-]?\d{1,2})?$/i;

const ofDigits = (value: unknown): unknown =>
  typeof value === 'string' && digits.test(value.trim()) ? Number(value) : value;

/** The first number. Where senders put what they like one that cannot be taken counts as absent, unless the field `isVital`. */
function readNumber(
  reading: Reading,
  places: readonly Place[],
  { range, isVital = false }: { range: NumberRange; isVital?: boolean },
): number | null {
  for (const place of places) {
    const sent = valueAt(reading, place);
    if (isAbsent(sent)) continue;
    const mayDiffer = place.isFree && !isVital;
    const value = mayDiffer ? ofDigits(sent) : sent;
    const fault = faultOf(value, range);
    // Of -0 is made 0.
    if (fault === null) return (value as number) + 0;
    if (mayDiffer) continue;
    addProblem(reading, fault, place.path);
    return null;
  }
  return null;
}

/** The first number; null where there is none or it is refused. */
export const readAmount = (reading: Reading, places: readonly Place[]): number | null =>
  readNumber(reading, places, { range: amounts });

/** The first whole number; null where there is none or it is refused. */
export const readCount = (reading: Reading, places: readonly Place[]): number | null =>
  readNumber(reading, places, { range: counts });

/** The first number of tokens, which is refused wherever it stands: without it the request would count as free. */
export const readTokens = (reading: Reading, places: readonly Place[]): number | null =>
  readNumber(reading, places, { range: counts, isVital: true });

/** The first duration, which is refused wherever it stands. */
export const readDuration = (reading: Reading, places: readonly Place[]): number | null =>
  readNumber(reading, places, { range: amounts, isVital: true });

/** The first number within a range; null where there is none or it is refused. */
export const readWithin = (reading: Reading, places: readonly Place[], range: NumberRange): number | null =>
  readNumber(reading, places, { range });

const flags: Readonly<Record<string, boolean | null>> = { true: true, false: false, none: null, null: null };

function flagOf(value: unknown): boolean | null | undefined {
  if (typeof value === 'boolean') return value;
  if (value === 0 || value === 1) return value === 1;
  // Python's text of a flag, as in exports of LiteLLM's own log.
  if (typeof value !== 'string') return undefined;
  const word = value.toLowerCase();
  return Object.hasOwn(flags, word) ? flags[word] : undefined;
}

/** The first flag: true, false, 1, 0 or their text; null where there is none or it is refused. */
export function readFlag(reading: Reading, places: readonly Place[]): boolean | null {
  for (const place of places) {
    const value = valueAt(reading, place);
    if (isAbsent(value)) continue;
    const flag = flagOf(value);
    if (flag === undefined && !place.isFree) addProblem(reading, 'wrong_type', place.path);
    else if (typeof flag === 'boolean') return flag;
  }
  return null;
}

function microsOf(value: unknown): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? microsOfSeconds(value) : null;
  return typeof value === 'string' ? microsOfText(value.trim()) : null;
}

/** The first time in microseconds since 1970, of seconds or ISO 8601; null where there is none or it is refused. */
export function readTime(reading: Reading, places: readonly Place[]): number | null {
  for (const place of places) {
    const value = valueAt(reading, place);
    if (isAbsent(value)) continue;
    const us = microsOf(value);
    if (us !== null && isLikely(us)) return us;
    const isTimeLike = typeof value === 'number' || typeof value === 'string';
    addProblem(reading, isTimeLike ? 'not_a_time' : 'wrong_type', place.path);
    return null;
  }
  return null;
}

/** The first list's texts; null where there is none. */
export function readTexts(reading: Reading, places: readonly Place[]): string[] | null {
  for (const place of places) {
    const value = valueAt(reading, place);
    if (!Array.isArray(value)) continue;
    return value.filter(item => typeof item === 'string');
  }
  return null;
}
