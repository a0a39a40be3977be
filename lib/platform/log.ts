/** JSON logs (pino). Secrets have a class of their own that prints as [secret] wherever it lands. */
import pino from 'pino';
import { env } from '@/lib/platform/env';

/** A value that must never be printed: JSON, logs, templates and inspection show [secret]. */
export class Secret {
  readonly #value: string;
  constructor(value: string) {
    this.#value = value;
  }
  /** The plain value; call only where it leaves to its one rightful receiver. */
  reveal(): string {
    return this.#value;
  }
  toJSON(): string {
    return '[secret]';
  }
  toString(): string {
    return '[secret]';
  }
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return '[secret]';
  }
}

const secretFields = [
  'authorization',
  'cookie',
  'key',
  'api_key',
  'apiKey',
  'secret',
  'token',
  'password',
  'encrypted_api_key',
  'credentials',
];

export type Log = pino.Logger;

/** What database drivers add to an error that holds the values of rows. */
const valuesOfRows = ['params', 'parameters', 'detail', 'where', 'internalQuery'];

/** Drizzle writes a statement's values into the message, and the message stands in every stack. */
function withoutValues(text: string, error: unknown): string {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const { query } = cause as { query?: unknown };
    if (typeof query === 'string' && 'params' in cause) text = text.replaceAll(cause.message, `Failed query: ${query}`);
  }
  return text;
}

/** Message of any thrown value without the values of rows; what may be logged, stored or shown to staff. */
export const messageForStaff = (error: unknown): string =>
  withoutValues(error instanceof Error ? error.message : String(error), error);

/** How pino writes an error: with its causes and codes, without the values of rows. */
export function errorForLog(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const clean = (logged: Record<string, unknown>): Record<string, unknown> =>
    Object.fromEntries(
      Object.entries(logged)
        .filter(([name]) => !valuesOfRows.includes(name))
        .map(([name, value]) => {
          if (typeof value === 'string') return [name, withoutValues(value, error)];
          return [name, name === 'cause' && value ? clean(value as Record<string, unknown>) : value];
        }),
    );
  return clean({ ...pino.stdSerializers.errWithCause(error) });
}

let root: Log | undefined;

/** The process's logger; children carry request_id, customer_id and the like. */
export function log(): Log {
  root ??= pino({
    level: env().LOG_LEVEL,
    base: { pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: secretFields.flatMap(field => [field, `*.${field}`, `*.*.${field}`]), censor: '[secret]' },
    serializers: { err: errorForLog },
  });
  return root;
}
