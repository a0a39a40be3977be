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

let root: Log | undefined;

/** The process's logger; children carry request_id, customer_id and the like. */
export function log(): Log {
  root ??= pino({
    level: env().LOG_LEVEL,
    base: { pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: secretFields.flatMap(field => [field, `*.${field}`, `*.*.${field}`]), censor: '[secret]' },
    serializers: { err: pino.stdSerializers.errWithCause },
  });
  return root;
}
