/** Reads JSON bodies and query strings; everything wrong with them is the caller's 4xx, never our 5xx. */
import type { EdgeRequest } from '@/lib/edge/http/message';
import { AppError, type FieldError } from '@/lib/platform/errors';

const maxDepth = 32;
const utf8 = new TextDecoder('utf-8', { fatal: true });
const jsonType = /^application\/(?:[a-z0-9.-]+\+)?json\s*(?:;\s*charset="?utf-8"?\s*)?$/i;

/**
 * The JSON in the body; undefined when there is none. Throws AppError unsupported_media_type, body_too_large,
 * invalid_json, or invalid_input for text that Postgres and BigQuery cannot keep.
 */
export async function readJson(request: EdgeRequest): Promise<unknown> {
  const type = request.headers.get('content-type');
  const encoding = request.headers.get('content-encoding');
  if (type !== null && !jsonType.test(type)) throw notJson();
  if (encoding !== null && encoding.toLowerCase() !== 'identity')
    throw new AppError('unsupported_media_type', 'Send the body without content-encoding.');
  const bytes = await request.readBody();
  if (bytes.length === 0) return undefined;
  if (type === null) throw notJson();
  return parseJson(bytes);
}

const notJson = () => new AppError('unsupported_media_type', 'Send the body as application/json in UTF-8.');

function parseJson(bytes: Buffer): unknown {
  let text: string;
  let value: unknown;
  try {
    text = utf8.decode(bytes);
    value = JSON.parse(text);
  } catch (error) {
    throw new AppError('invalid_json', 'The body is not valid JSON in UTF-8.', { cause: error });
  }
  // Escapes, exponents and nesting are rare; only a body that has them is walked.
  if (/\\u|\d[eE]|[[{][\s\S]*[[{]/.test(text)) {
    const problem = unkeepable(value, [], 0);
    if (problem) throw new AppError('invalid_input', `${problem.path}: ${problem.message}`, { fields: [problem] });
  }
  return value;
}

function unkeepable(value: unknown, path: string[], depth: number): FieldError | null {
  const at = (message: string): FieldError => ({ path: path.join('.'), message });
  if (typeof value === 'string') return keepableText(value) ? null : at('This text has a NUL or half a character.');
  if (typeof value === 'number') return Number.isFinite(value) ? null : at('This number is too large.');
  if (typeof value !== 'object' || value === null) return null;
  if (depth >= maxDepth) return { path: path.slice(0, 4).join('.'), message: `Nested deeper than ${maxDepth} levels.` };
  for (const [name, item] of Object.entries(value)) {
    if (!keepableText(name)) return at('A name in it has a NUL or half a character.');
    const problem = unkeepable(item, [...path, name], depth + 1);
    if (problem) return problem;
  }
  return null;
}

const keepableText = (text: string): boolean => text.isWellFormed() && !text.includes('\u0000');

/** Query parameters as an object. Throws AppError invalid_input for one that is given twice or holds a NUL. */
export function readQuery(search: string): Record<string, string> {
  if (search === '') return {};
  const found: Record<string, string> = {};
  for (const [name, value] of new URLSearchParams(search)) {
    const message = Object.hasOwn(found, name)
      ? 'This parameter is given more than once.'
      : keepableText(name + value)
        ? null
        : 'This text has a NUL or half a character.';
    if (message) throw new AppError('invalid_input', `${name}: ${message}`, { fields: [{ path: name, message }] });
    Object.defineProperty(found, name, { value, enumerable: true, configurable: true, writable: true });
  }
  return found;
}
