/** What is written in GoogleSQL for the words that people bring from other dialects. */

/** By function, in small letters. */
const functions: Readonly<Record<string, string>> = {
  now: 'CURRENT_TIMESTAMP()',
  getdate: 'CURRENT_TIMESTAMP()',
  dateadd: 'TIMESTAMP_ADD(x, INTERVAL 1 DAY), or DATE_ADD of a DATE',
  datediff: 'TIMESTAMP_DIFF(later, earlier, DAY), or DATE_DIFF of DATEs',
  date_part: 'EXTRACT(DAY FROM x)',
  year: 'EXTRACT(YEAR FROM x)',
  month: 'EXTRACT(MONTH FROM x)',
  to_char: "FORMAT_TIMESTAMP('%Y-%m-%d', x), or CAST(x AS STRING) of a number",
  date_format: "FORMAT_TIMESTAMP('%Y-%m-%d', x)",
  to_date: "PARSE_DATE('%Y-%m-%d', x)",
  nvl: 'IFNULL(x, y)',
  len: 'LENGTH(x)',
  iif: 'IF(condition, x, y)',
  group_concat: "STRING_AGG(x, ',')",
  listagg: "STRING_AGG(x, ',')",
};

/** The sentence for a function that a text may not call. */
export function whyNotFunction(path: readonly string[]): string {
  const name = path.join('.');
  const small = name.toLowerCase();
  const instead = Object.hasOwn(functions, small) ? ` In GoogleSQL write ${functions[small]}.` : '';
  return `The function \`${name.slice(0, 80)}\` cannot be used here.${instead}`;
}

type Place = { word: string; next: { kind: string; text: string } };

/** The sentence for a word that means nothing in GoogleSQL before such a token; null for any other. */
export function whyNotWord({ word, next: { kind, text } }: Place): string | null {
  if (/^top$/i.test(word) && kind === 'number')
    return `GoogleSQL has no TOP; write LIMIT ${text.slice(0, 20)} at the end of the query.`;
  if (/^ilike$/i.test(word) && kind === 'literal') return "GoogleSQL has no ILIKE; write LOWER(x) LIKE '…'.";
  return null;
}
