/** Parameters of the calls: checked by zod, refused in Stripe's words. */
import { z } from 'zod';
import { StripeError } from '@/dev/doubles/stripe/errors';
import type { Form } from '@/dev/doubles/stripe/form';

export const integer = z
  .string()
  .regex(/^-?\d+$/, 'Invalid integer')
  .transform(Number);
export const flag = z.enum(['true', 'false'], 'Invalid boolean').transform(text => text === 'true');
export const expand = z.array(z.string()).optional();

/** A parameter that may be given as nothing, which unsets it. */
export const emptyable = <Schema extends z.ZodType>(schema: Schema) =>
  z.union([z.literal('').transform(() => null), schema]);
export const metadata = z.record(z.string().max(40), z.string().max(500));
/** Metadata of a change; nothing in its place removes all. */
export const metadataChange = emptyable(metadata).optional();

const bound = integer.optional();
/** `created` and its like: one second, or bounds. */
export const range = z.union([integer, z.strictObject({ gt: bound, gte: bound, lt: bound, lte: bound })]);

/** Whether a time lies in a range; no range holds every time. */
export function inRange(time: number, given: z.output<typeof range> | undefined): boolean {
  if (given === undefined) return true;
  if (typeof given === 'number') return time === given;
  const { gt = -Infinity, gte = -Infinity, lt = Infinity, lte = Infinity } = given;
  return time > gt && time >= gte && time < lt && time <= lte;
}

/** Metadata after a change: a key given without a value is removed, and all are where nothing is given for them. */
export const mergeMetadata = (before: Record<string, string>, given: Record<string, string> | null = {}) =>
  Object.fromEntries(Object.entries(given === null ? {} : { ...before, ...given }).filter(([, value]) => value !== ''));

const nameOf = (path: PropertyKey[]) =>
  path.map((part, index) => (index === 0 ? String(part) : `[${String(part)}]`)).join('');

/** What is wrong, as near to its parameter as can be told: of alternatives, the last is the one that holds more. */
function firstIssue(error: z.core.$ZodError): { issue: z.core.$ZodIssue | undefined; path: PropertyKey[] } {
  let issue = error.issues[0];
  let path = issue?.path ?? [];
  while (issue?.code === 'invalid_union') {
    const inner: z.core.$ZodIssue | undefined = issue.errors.at(-1)?.[0];
    if (!inner) break;
    path = [...path, ...inner.path];
    issue = inner;
  }
  return { issue, path };
}

/** Parses by a strict schema; a missing, unknown or invalid parameter is Stripe's 400 that names it. */
export function parseParams<Shape extends z.ZodRawShape>(shape: Shape, form: Form) {
  const parsed = z.strictObject({ ...shape, expand }).safeParse(form);
  if (parsed.success) return parsed.data as z.output<z.ZodObject<Shape>>;
  const { issue, path } = firstIssue(parsed.error);
  if (issue?.code === 'unrecognized_keys') {
    const param = nameOf([...path, issue.keys[0] ?? '']);
    throw new StripeError(400, `Received unknown parameter: ${param}`, { code: 'parameter_unknown', param });
  }
  const param = nameOf(path);
  if (issue?.code === 'invalid_type' && issue.message.endsWith('received undefined')) {
    throw new StripeError(400, `Missing required param: ${param}.`, { code: 'parameter_missing', param });
  }
  throw new StripeError(400, `Invalid ${param}: ${issue?.message ?? 'not allowed'}`, { param });
}
