/** Finds headings by words that need not be whole, in order, or without a slip. Pure, for server and browser. */

export type DocsHeading = {
  /** `/docs/errors#invalid_key`. */
  href: string;
  title: string;
  /** Title of the page it stands on. */
  page: string;
  /** How its section begins. */
  text: string;
};

const wordsOf = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

/** Whether one letter too many, too few, wrong or swapped makes one of the other. */
function isSlip(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1 || a === b) return false;
  let start = 0;
  while (start < a.length && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < Math.min(a.length, b.length) - start && a.at(-1 - end) === b.at(-1 - end)) end += 1;
  const restA = a.slice(start, a.length - end);
  const restB = b.slice(start, b.length - end);
  if (restA.length <= 1 && restB.length <= 1) return true;
  return restA.length === 2 && restB.length === 2 && restA[0] === restB[1] && restA[1] === restB[0];
}

/** How well a word of the question is found among these: 3 whole, 2 as a beginning, 1 within or by a slip, else 0. */
function foundAmong(asked: string, words: readonly string[]): number {
  let best = 0;
  for (const word of words) {
    if (word === asked) return 3;
    if (word.startsWith(asked)) best = Math.max(best, 2);
    else if (asked.length >= 3 && word.includes(asked)) best = Math.max(best, 1);
    else if (asked.length >= 4 && isSlip(asked, word.slice(0, asked.length + 1))) best = Math.max(best, 1);
    else if (asked.length >= 4 && isSlip(asked, word.slice(0, asked.length))) best = Math.max(best, 1);
  }
  return best;
}

function scoreOf(asked: readonly string[], { title, page, text }: DocsHeading): number {
  const [inTitle, inPage, inText] = [wordsOf(title), wordsOf(page), wordsOf(text)];
  let sum = 0;
  for (const word of asked) {
    const score = foundAmong(word, inTitle) * 10 || foundAmong(word, inPage) * 4 || foundAmong(word, inText);
    if (score === 0) return 0;
    sum += score;
  }
  return sum - inTitle.length / 10;
}

/** The best headings for the question, at most `limit`; none for a question without a word. */
export function findHeadings(headings: readonly DocsHeading[], question: string, limit: number): DocsHeading[] {
  const asked = wordsOf(question.slice(0, 200)).slice(0, 10);
  if (asked.length === 0) return [];
  return headings
    .map(heading => ({ heading, score: scoreOf(asked, heading) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .slice(0, limit)
    .map(({ heading }) => heading);
}
