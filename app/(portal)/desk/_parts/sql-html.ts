/** Colours of a query that somebody wrote, as far as they cost little. */
import { escapedHtml } from '@/app/docs/_parts/inline-html';
import { highlightedOnce } from '@/app/docs/_samples/highlight';

/** A grammar reads a line again and again: 32,000 signs of one word take more than a second, and the page is drawn at once. */
const colouredSigns = 5_000;
const colouredLine = 1_000;

/** The text as HTML, every sign escaped; long ones and those with a very long line are of one colour. */
export async function sqlHtml(sql: string): Promise<string> {
  const isLong = sql.length > colouredSigns || sql.split('\n').some(line => line.length > colouredLine);
  return isLong ? escapedHtml(sql) : await highlightedOnce(sql, 'sql');
}
