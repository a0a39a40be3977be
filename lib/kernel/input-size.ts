/**
 * Looks at the size of an input by its schema before the schema is asked, in time that does not grow with what is surplus:
 * zod names every wrong field, and 100,000 of them held the process for half a second.
 */
import type { z } from 'zod';
import { isLongNumber } from '@/lib/platform/exact-json';
import { inputMessage } from '@/lib/platform/input-messages';

type Path = (string | number)[];
export type SizeProblem = { path: Path; message: string };

/** Names an object may have beyond those of its schema; all of them are still reported by zod. */
const maxSurplus = 1_000;
/** Items of a list, and names of a record, whose schema sets no bound. */
const maxItems = 1_000;

const bounded = new WeakMap<object, (value: unknown) => SizeProblem | null>();

/** Marks a schema of free JSON, whose bound is in bytes and levels: `problemOf` says what is wrong before zod is asked. */
export function boundJson<Schema extends z.ZodType>(
  schema: Schema,
  problemOf: (value: unknown) => SizeProblem | null,
): Schema {
  bounded.set(schema, problemOf);
  return schema;
}

type Def = {
  type: string;
  shape?: Record<string, z.ZodType>;
  catchall?: z.ZodType;
  element?: z.ZodType;
  valueType?: z.ZodType;
  innerType?: z.ZodType;
  in?: z.ZodType;
  options?: z.ZodType[];
  left?: z.ZodType;
  right?: z.ZodType;
  getter?: () => z.ZodType;
  checks?: { _zod: { def: { check: string; maximum?: number; error?: unknown } } }[];
};

const scalars = new Set(['string', 'number', 'int', 'boolean', 'null', 'undefined', 'literal', 'enum', 'date']);

const defOf = (schema: z.ZodType): Def => schema._zod.def as unknown as Def;
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function inObject(def: Def, value: Record<string, unknown>, path: Path): SizeProblem | null {
  const shape = def.shape ?? {};
  let surplus = 0;
  for (const name in value) {
    if (!Object.hasOwn(shape, name)) surplus += 1;
    if (surplus > maxSurplus) return { path, message: `More than ${maxSurplus} fields here are not known.` };
  }
  for (const name in shape) {
    if (!Object.hasOwn(value, name)) continue;
    const problem = inField(shape[name] as z.ZodType, value, name, path);
    if (problem) return problem;
  }
  return null;
}

/** The schema's own sentence where it has one, else ours. */
function tooMany(maximum: number, input: unknown[], own: unknown): string {
  const issue = { code: 'too_big', origin: 'array', maximum, inclusive: true, input } as const;
  const said = typeof own === 'function' ? (own as (about: unknown) => unknown)(issue) : inputMessage(issue);
  return typeof said === 'string' ? said : `Use at most ${maximum} entries.`;
}

function inArray(def: Def, value: unknown[], path: Path): SizeProblem | null {
  const check = def.checks?.find(({ _zod }) => _zod.def.check === 'max_length')?._zod.def;
  const most = check?.maximum ?? maxItems;
  if (value.length > most) return { path, message: tooMany(most, value, check?.error) };
  for (let index = 0; index < value.length; index++) {
    const problem = inField(def.element as z.ZodType, value, index, path);
    if (problem) return problem;
  }
  return null;
}

function inRecord(def: Def, value: Record<string, unknown>, path: Path): SizeProblem | null {
  let names = 0;
  for (const name in value) {
    names += 1;
    if (names > maxItems) return { path, message: `Use at most ${maxItems} names.` };
    const problem = inField(def.valueType as z.ZodType, value, name, path);
    if (problem) return problem;
  }
  return null;
}

/** A long number outside of free JSON is one that a double rounds, as everywhere else in JavaScript. */
function inField(schema: z.ZodType, holder: object, name: string | number, path: Path): SizeProblem | null {
  const values = holder as Record<string | number, unknown>;
  const value = values[name];
  if (typeof value !== 'object' || value === null) return null;
  if (isLongNumber(value)) {
    values[name] = Number(value.rawJSON);
    return null;
  }
  return sizeProblem(schema, value, [...path, name]);
}

/** The first thing that is too large in `value` for `schema`, or null. */
export function sizeProblem(schema: z.ZodType, value: unknown, path: Path = []): SizeProblem | null {
  if (typeof value !== 'object' || value === null) return null;
  const free = bounded.get(schema)?.(value);
  if (free) return { path: [...path, ...free.path], message: free.message };
  if (bounded.has(schema)) return null;
  const def = defOf(schema);
  switch (def.type) {
    case 'object':
      return isObject(value) ? inObject(def, value, path) : null;
    case 'array':
      return Array.isArray(value) ? inArray(def, value, path) : null;
    case 'record':
      return isObject(value) ? inRecord(def, value, path) : null;
    case 'pipe':
      return sizeProblem(def.in as z.ZodType, value, path);
    case 'lazy':
      return def.getter ? sizeProblem(def.getter(), value, path) : null;
    case 'union': {
      // One that takes no object at all says nothing about this one.
      const options = (def.options ?? []).filter(option => !scalars.has(defOf(option).type));
      const problems = options.map(option => sizeProblem(option, value, path));
      return problems.some(problem => problem === null) ? null : (problems[0] ?? null);
    }
    case 'intersection':
      return sizeProblem(def.left as z.ZodType, value, path) ?? sizeProblem(def.right as z.ZodType, value, path);
    default:
      return def.innerType ? sizeProblem(def.innerType, value, path) : null;
  }
}
