/** The UTC days of rows that are written together, which bound what their MERGE reads. */

/** First and last, as yyyy-mm-dd. */
export type Days = { lo: string; hi: string };

/** From the first of the days to the last; null where there is none. */
export function spanOf(days: Iterable<string>): Days | null {
  let span: Days | null = null;
  for (const day of days) {
    if (span === null) span = { lo: day, hi: day };
    else if (day < span.lo) span.lo = day;
    else if (day > span.hi) span.hi = day;
  }
  return span;
}

/** A quote within a text is escaped, so a name between quotes that are not is a column's. */
const eventDate = /"event_date":"(\d{4}-\d\d-\d\d)"/g;

/** The span of rows that wait as JSON, one PricedRow a line: found in the text, a twentieth of the time of reading it. */
export const spanOfRows = (ndjson: string): Days | null =>
  spanOf(ndjson.matchAll(eventDate).map(([, day = '']) => day));
