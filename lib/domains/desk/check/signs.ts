/** Which characters a text may have, before anything of it is read. */
import { RefusedText } from '@/lib/domains/desk/check/refused-text';
import { longestSqlBytes } from '@/lib/domains/desk/rules';

/** What a sign outside literals and comments does in GoogleSQL, for those that the desk refuses. */
const refusedSigns: Record<string, string> = {
  '@': 'Parameters (`@name`), system variables (`@@name`) and hints (`@{…}`) cannot be used here; write the value itself.',
  '?': 'Parameters (`?`) cannot be used here; write the value itself.',
  $: 'A `$` can stand only inside a literal.',
  '{': 'Braces can stand only inside a literal.',
  '}': 'Braces can stand only inside a literal.',
  '\\': 'A backslash can stand only inside a literal.',
  ':': 'A `:` can stand only inside a literal; write CAST(x AS …) for `x::…`.',
  '%': 'GoogleSQL has no operator `%`; write MOD(a, b).',
};

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const control = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/;
const invisible = /\p{Cf}|\p{Zl}|\p{Zp}|\p{Variation_Selector}|\u034f|\u115f|\u1160|\u17b4|\u17b5|\u3164|\uffa0/u;

/** Quotes as word processors and chats write them. */
const curled = /[\u2018-\u201f\u2032\u2033\u00ab\u00bb\u00b4]/u;

/** Refuses what makes a text unreadable as a whole: its size, halves of characters, control characters. */
export function checkWhole(sql: string, slackBytes = 0): void {
  if (sql.trim() === '') throw new RefusedText('Write a SELECT.');
  if (Buffer.byteLength(sql) > longestSqlBytes + slackBytes)
    throw new RefusedText(`A query has at most ${longestSqlBytes} bytes.`);
  if (!sql.isWellFormed()) {
    const at = [...sql].findIndex(sign => !sign.isWellFormed());
    throw new RefusedText(
      'The text holds half a character; it is not valid Unicode.',
      [...sql].slice(0, at).join('').length,
    );
  }
  const at = sql.search(control);
  if (at >= 0) throw new RefusedText('The text holds a control character.', at);
}

/** Refuses characters in a comment that show its text otherwise than it is read. */
export function checkComment(sql: string, start: number, end: number): void {
  const at = sql.slice(start, end).search(invisible);
  if (at >= 0) throw new RefusedText('A comment holds a character that cannot be seen.', start + at);
}

/** Refuses a sign that begins nothing which the desk knows. */
export function refuseSign(sql: string, offset: number): never {
  const sign = String.fromCodePoint(sql.codePointAt(offset) ?? 0);
  const known = refusedSigns[sign];
  if (known) throw new RefusedText(known, offset);
  if (/\s/u.test(sign)) throw new RefusedText('Only spaces, tabs and line ends can stand between words.', offset);
  if (invisible.test(sign)) throw new RefusedText('The text holds a character that cannot be seen.', offset);
  if (curled.test(sign))
    throw new RefusedText(`\`${sign}\` is no quote of GoogleSQL; write a straight ' or " instead.`, offset);
  if (sign > '\u007f')
    throw new RefusedText(`“${sign}” can stand only inside a literal: names have letters a-z, digits and _.`, offset);
  throw new RefusedText(`\`${sign}\` is not a sign of GoogleSQL.`, offset);
}
