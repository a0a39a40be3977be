/** Takes secrets out of what workers wrote (error messages, parameters, metadata) before a page, a file or a mail shows it. */
import { masked, type SecretRule, tokenRules } from '@/lib/kernel/secret-patterns';
import { isLongNumber } from '@/lib/platform/exact-json';

/** Names whose value is a secret, as they end: `db_password`, `client-secret`, `AWS_SECRET_ACCESS_KEY`, `x-api-key`. */
const secretName =
  '(?:pass(?:word|wd|phrase)?|pwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|signing[_-]?key|account[_-]?key|authorization|credentials?|signature|sig|cookie)';
/** A value in quotes to their end, or up to the next space or separator. */
const quoted = `"(?:[^"\\\\]|\\\\.)*"?|'(?:[^'\\\\]|\\\\.)*'?`;
const bare = String.raw`[^\s"',;&<>()[\]{}]+`;

/** What a secret looks like, in the order in which they are taken out. A text cut in a secret's middle matches too. */
export const secretRules: readonly SecretRule[] = [
  ...tokenRules,
  {
    name: 'a value given to a secret’s name',
    pattern: new RegExp(`(${secretName}["']?\\s{0,4}=>?\\s{0,4})(?:${quoted}|${bare})`, 'gi'),
    by: `$1${masked}`,
  },
  {
    name: 'a value named in JSON, YAML or a header',
    // Prose has colons too: a bare value is taken only after a password, or where it holds a digit as words do not.
    pattern: new RegExp(
      `(${secretName}["']?\\s{0,4}:\\s{0,4})(?:${quoted}|(?=[^\\s,;]{0,200}\\d)[^\\s"',;&<>()[\\]{}]{8,})`,
      'gi',
    ),
    by: `$1${masked}`,
  },
  {
    name: 'a password after a colon',
    pattern: new RegExp(`((?:pass(?:word|wd|phrase)|pwd)\\s{0,4}:\\s{0,4})${bare}`, 'gi'),
    by: `$1${masked}`,
  },
];

/** Signs of the shortest secret that is known by its form; one that is given to a name has a sign between the two. */
const shortestSigns = 8;
const givesValue = /[=:]/;

/** The text with every secret in it replaced by `[secret]`. */
export const maskSecrets = (text: string): string =>
  text.length < shortestSigns && !givesValue.test(text)
    ? text
    : secretRules.reduce((left, { pattern, by }) => left.replace(pattern, by), text);

const isSecretName = new RegExp(`${secretName}$`, 'i');
/** Values that a secret's name may have and that are none: a switch, a count, nothing. */
const isHarmless = (value: unknown): boolean => value === null || typeof value === 'boolean' || value === '';

/** The same of a JSON value, where a secret's name alone says that its value is one. */
export function maskJson(value: unknown): unknown {
  if (typeof value === 'string') return maskSecrets(value);
  if (Array.isArray(value)) return value.map(maskJson);
  if (typeof value !== 'object' || value === null || isLongNumber(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      name,
      isSecretName.test(name) && !isHarmless(item) ? masked : maskJson(item),
    ]),
  );
}
