/** Values of a submitted form as commands take them. */
import type { FormValues } from '@/lib/edge/portal/action';
import { utcDayInput } from '@/lib/kernel/input';
import { AppError } from '@/lib/platform/errors';

type Value = FormValues[string] | undefined;

/** The one value of a field; empty where it was not sent. */
export const text = (value: Value): string => (typeof value === 'string' ? value : (value?.[0] ?? ''));

/** The dollars in a field; null where it is empty, and what is no number as it is, to be refused by its field. */
export function dollarsIn(value: Value): number | string | null {
  const typed = text(value)
    .trim()
    .replace(/^\$\s*/, '');
  return typed === '' ? null : Number.isFinite(Number(typed)) ? Number(typed) : typed;
}

/** What stands in a text, separated by lines, commas or semicolons. */
export const separated = (value: Value): string[] =>
  text(value)
    .split(/[\n,;]+/)
    .map(part => part.trim())
    .filter(Boolean);

/** The end of the UTC day in a date field, or null where it is empty. AppError invalid_input names the field. */
export function endOfDay(value: Value, field: string, now: Date): string | null {
  if (text(value) === '') return null;
  const day = utcDayInput.safeParse(text(value));
  const end = new Date(`${day.data}T23:59:59Z`);
  const message = !day.success ? 'Choose a date.' : end <= now ? 'Choose a date in the future.' : null;
  if (message) throw new AppError('invalid_input', message, { fields: [{ path: field, message }] });
  return end.toISOString();
}

/**
 * Runs work whose errors name fields of its input, and has them name those of the form: `within` is the part of the path
 * that the form's names lack, `renamed` says which field stands for which.
 */
export async function withFieldNames<Result>(
  work: () => Promise<Result>,
  { within, renamed = {} }: { within?: string; renamed?: Record<string, string> },
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof AppError) || !error.fields) throw error;
    const nameOf = (path: string): string => {
      const inner = within && path.startsWith(`${within}.`) ? path.slice(within.length + 1) : path;
      return renamed[inner.split('.')[0] ?? inner] ?? inner;
    };
    const fields = error.fields.map(({ path, message }) => ({ path: nameOf(path), message }));
    throw new AppError(error.code, error.message, { fields, details: error.details, cause: error });
  }
}
