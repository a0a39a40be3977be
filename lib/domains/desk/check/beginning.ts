/** How a text begins: what is no query is told so, and not of the first sign in it that a query could not have. */
import { RefusedText } from '@/lib/domains/desk/check/refused-text';

/** Of every statement that is no query. */
export const onlySelect = 'A query is one SELECT; it cannot change, load or export anything, and cannot be a script.';

const notSelect =
  'A query begins with SELECT (or WITH), for example: SELECT status, COUNT(*) AS runs FROM pipeline_runs GROUP BY status.';
const pipes = 'A query begins with SELECT (or WITH): pipe syntax, which begins with FROM, cannot be used here.';

const begins = /^(?:select|with)$/i;
const others =
  /^(?:insert|update|delete|merge|truncate|create|alter|drop|undrop|grant|revoke|export|load|call|declare|set|begin|execute|assert)$/i;
/** A letter, a digit, a quote or another sign; what cannot be seen has sentences of its own. */
const seen = /^[\p{L}\p{N}\p{P}\p{S}]/u;

/** Refuses a text whose first sign that is no comment, at `at`, begins no query. Throws RefusedText. */
export function checkBeginning(sql: string, at: number): void {
  const [word = ''] = /^\w+/.exec(sql.slice(at, at + 20)) ?? [];
  if (begins.test(word) || sql[at] === '(' || sql[at] === ';') return;
  if (others.test(word)) throw new RefusedText(onlySelect, at);
  if (/^from$/i.test(word)) throw new RefusedText(pipes, at);
  if (seen.test(sql.slice(at, at + 2))) throw new RefusedText(notSelect, at);
}
