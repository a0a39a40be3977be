/** What a wrong field is told, in our words: one sentence for each kind of problem a schema can find. */
import type { z } from 'zod';

type Issue = z.core.$ZodRawIssue;

const mostShown = 64;
const required = 'This field is required.';
const mostNamed = 20;

const types: Record<string, string> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  bigint: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'an object',
  record: 'an object',
  map: 'an object',
  date: 'a time',
  null: 'null',
};

const formats: Record<string, string> = {
  email: 'Use an e-mail address such as mia@acme.io.',
  url: 'Use an address such as https://acme.io.',
  uuid: 'Use a UUID such as 7d9f0c1e-5b1a-4c1e-9a55-0f7a1f6f2b10.',
  datetime: 'Use a time with its zone such as 2026-11-21T02:00:00Z.',
  date: 'Use a day such as 2026-11-21.',
  json_string: 'Use valid JSON.',
};

/** A value of the caller's to begin a sentence with: text in quotes and never long, anything else just "This". */
export function named(value: unknown): string {
  if (typeof value !== 'string') return 'This';
  return JSON.stringify(value.length > mostShown ? `${value.slice(0, mostShown)}…` : value);
}

function oneOf(values: readonly unknown[]): string {
  if (values.length === 1) return `This must be ${String(values[0])}.`;
  if (values.length > mostNamed) return 'This is none of the values that are allowed.';
  return `Use one of: ${values.map(String).join(', ')}.`;
}

/** "200 characters", "1 entry"; null for what is not counted but has a size itself, such as a number. */
function counted(origin: string, count: unknown): string | null {
  const isOne = Number(count) === 1;
  if (origin === 'string') return `${count} ${isOne ? 'character' : 'characters'}`;
  if (['array', 'set', 'map'].includes(origin)) return `${count} ${isOne ? 'entry' : 'entries'}`;
  return null;
}

/** A date's limit travels as milliseconds. */
const limit = (origin: string, value: unknown): string =>
  origin === 'date' ? new Date(Number(value)).toISOString() : String(value);

function tooBig(issue: Extract<Issue, { code: 'too_big' }>): string {
  const count = counted(issue.origin, issue.maximum);
  const most = issue.inclusive === false ? 'less than' : 'at most';
  if (!count) return `This must be ${most} ${limit(issue.origin, issue.maximum)}.`;
  return `Use ${issue.exact ? 'exactly' : most} ${count}.`;
}

function tooSmall(issue: Extract<Issue, { code: 'too_small' }>): string {
  const count = counted(issue.origin, issue.minimum);
  const least = issue.inclusive === false ? 'more than' : 'at least';
  if (!count) return `This must be ${least} ${limit(issue.origin, issue.minimum)}.`;
  if (issue.input === '') return required;
  return `Use ${issue.exact ? 'exactly' : least} ${count}.`;
}

function wrongFormat(issue: Extract<Issue, { code: 'invalid_format' }>): string {
  const { prefix, suffix, includes } = issue as { prefix?: string; suffix?: string; includes?: string };
  if (prefix !== undefined) return `This must start with ${prefix}.`;
  if (suffix !== undefined) return `This must end with ${suffix}.`;
  if (includes !== undefined) return `This must contain ${includes}.`;
  return formats[issue.format] ?? 'This does not have the form that is expected here.';
}

/** The sentence for a problem whose schema brings none of its own; given to zod as the error map of a parse. */
export function inputMessage(issue: Issue): string {
  const isMissing = issue.input === undefined;
  switch (issue.code) {
    case 'invalid_type':
      return isMissing ? required : `This must be ${types[issue.expected] ?? 'of another type'}.`;
    case 'invalid_value':
      return isMissing ? required : oneOf(issue.values);
    case 'too_big':
      return tooBig(issue);
    case 'too_small':
      return tooSmall(issue);
    case 'invalid_format':
      return wrongFormat(issue);
    case 'not_multiple_of':
      return `This must be a multiple of ${issue.divisor}.`;
    case 'unrecognized_keys':
      return 'This field is not known.';
    case 'invalid_union':
      return isMissing ? required : 'This has none of the forms that are allowed here.';
    case 'invalid_key':
      return 'A name in this object is not allowed.';
    case 'invalid_element':
      return 'An entry of this list is not valid.';
    case 'custom':
      return 'This value is not valid.';
    default:
      return issue satisfies never;
  }
}
