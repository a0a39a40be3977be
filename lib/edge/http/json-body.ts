/** Reads JSON bodies and query strings; everything wrong with them is the caller's 4xx, never our 5xx. */
import { bodyProblem } from '@/lib/edge/http/body-shape';
import type { EdgeRequest } from '@/lib/edge/http/message';
import { invalidInput, isStorable } from '@/lib/kernel/input';
import { maxJsonDepth, unkeepable } from '@/lib/kernel/storable';
import { AppError } from '@/lib/platform/errors';
import { parseJson } from '@/lib/platform/exact-json';

/** A JSON column in an item of a batch. */
const maxDepth = maxJsonDepth + 4;
/** Of a path that an answer names. */
const shownLevels = 4;
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
  return parsed(bytes);
}

const notJson = () => new AppError('unsupported_media_type', 'Send the body as application/json in UTF-8.');

function parsed(bytes: Buffer): unknown {
  const tooWide = bodyProblem(bytes);
  if (tooWide) throw invalidInput([{ path: '', message: tooWide }]);
  let text: string;
  let value: unknown;
  try {
    text = utf8.decode(bytes);
    value = parseJson(text, 'kept');
  } catch (error) {
    throw new AppError('invalid_json', 'The body is not valid JSON in UTF-8.', { cause: error });
  }
  // Escapes, exponents and nesting are rare; only a body that has them is walked.
  if (/\\u|\d[eE]|[[{][\s\S]*[[{]/.test(text)) {
    const found = unkeepable(value, maxDepth);
    if (found)
      throw invalidInput([{ path: found.path.slice(0, shownLevels).join('.'), message: unkeepableWords[found.what] }]);
  }
  return value;
}

/** What of a body no store can keep, in words. */
const unkeepableWords = {
  text: 'This text has a NUL or half a character.',
  name: 'A name in it has a NUL or half a character.',
  number: 'This number is too large.',
  depth: `Nested deeper than ${maxDepth} levels.`,
};

/** Query parameters as an object. Throws AppError invalid_input for one that is given twice or holds a NUL. */
export function readQuery(search: string): Record<string, string> {
  if (search === '') return {};
  const found: Record<string, string> = {};
  for (const [name, value] of new URLSearchParams(search)) {
    const message = Object.hasOwn(found, name)
      ? 'This parameter is given more than once.'
      : isStorable(name + value)
        ? null
        : unkeepableWords.text;
    if (message) throw invalidInput([{ path: name.slice(0, 200), message }]);
    Object.defineProperty(found, name, { value, enumerable: true, configurable: true, writable: true });
  }
  return found;
}
