/** Parses what callers send; every wrong field is named, unknown fields too. */
import { z } from 'zod';
import { sizeProblem } from '@/lib/kernel/input-size';
import { holdsSecret, masked } from '@/lib/kernel/secret-patterns';
import { AppError, type FieldError } from '@/lib/platform/errors';
import { inputMessage } from '@/lib/platform/input-messages';

/** Postgres and BigQuery know the years 1 to 9999, we none before 1970; a day after the last one must exist too. */
const isKeepable = (text: string): boolean => text >= '1970-01-01' && text < '9999-12-31';
const wrongDay = 'Use a day such as 2026-11-21.';

/** A UTC day as callers name it, yyyy-mm-dd, which both stores can keep. */
export const utcDayInput = z.iso.date({ error: wrongDay, abort: true }).refine(isKeepable, wrongDay);

/** An instant of a cursor as toISOString() writes it, which both stores can keep. */
export const instantInput = z.iso.datetime({ precision: 3 }).refine(isKeepable, 'This time cannot be kept.');

/** True for text that both stores take: no NUL, which Postgres refuses, and no half of a surrogate pair. */
export const isStorable = (text: string): boolean => !text.includes('\u0000') && text.isWellFormed();

/** Fields an answer names; who has more wrong reads a sentence. */
const maxFields = 20;
const maxPath = 200;
const maxMessage = 500;

const clipped = (text: string, length: number): string => (text.length > length ? `${text.slice(0, length)}…` : text);
const pathText = (path: PropertyKey[]): string => clipped(path.map(String).join('.'), maxPath);

/** Field errors of a zod failure, one for each field or unknown key. */
export function fieldErrors(error: z.ZodError): FieldError[] {
  return error.issues.flatMap(issue =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map(key => ({
          path: pathText([...issue.path, holdsSecret(key) ? masked : key]),
          message: 'This field is not known.',
        }))
      : [{ path: pathText(issue.path), message: clipped(issue.message, maxMessage) }],
  );
}

/** AppError invalid_input about these fields: it names the first 20, and says how many more there are. */
export function invalidInput(fields: FieldError[]): AppError {
  const named = fields.slice(0, maxFields);
  const [first] = named;
  const one = first ? `${first.path ? `${first.path}: ` : ''}${first.message}` : 'The input is not valid.';
  const more = fields.length - named.length;
  const message = `${fields.length} fields are not valid.${more > 0 ? ` ${maxFields} are named, and ${more} more are not.` : ''}`;
  return new AppError('invalid_input', fields.length > 1 ? message : one, { fields: named });
}

/**
 * The parsed input, or AppError invalid_input with a field error for each problem. What is too large for the schema is
 * refused before the schema is asked.
 */
export function parseInput<Input extends z.ZodType>(schema: Input, raw: unknown): z.output<Input> {
  const size = sizeProblem(schema, raw);
  if (size) throw invalidInput([{ path: pathText(size.path), message: size.message }]);
  const parsed = schema.safeParse(raw, { error: inputMessage });
  if (parsed.success) return parsed.data;
  throw invalidInput(fieldErrors(parsed.error));
}
