/** Finds rows that BigQuery refuses by sending shorter beginnings of what waits, with as few jobs as it can. Source: docs/architecture.md, Ingest. */

/** What is known of the rows at the head of the line: among the first `bad` there is one that is refused. */
export type Search = {
  bad: number;
  /** How many rows to send next; null for as many as a batch takes. */
  next: number | null;
  /** The row after the next ones is the one that BigQuery named: it is then sent alone. */
  suspectNext: boolean;
  /** Refused sends since the last whole batch was taken. */
  refusals: number;
};

/** Refused sends after which what is refused is set aside as it stands: so many bad rows have one cause, and jobs are counted. */
export const mostRefusals = 100;

export const newSearch = (): Search => ({ bad: 0, next: null, suspectNext: false, refusals: 0 });

const half = (rows: number) => Math.max(1, Math.ceil(rows / 2));

/** `rows` were taken: whatever is refused comes after them. */
export function afterTaken(search: Search, rows: number): Search {
  const bad = Math.max(0, search.bad - rows);
  if (bad === 0) return newSearch();
  return { ...search, bad, next: search.suspectNext ? 1 : half(bad), suspectNext: false };
}

/** `rows` were refused and set aside: the line begins anew behind them. */
export const afterSetAside = (search: Search): Search => ({ ...newSearch(), refusals: search.refusals });

/**
 * `rows` were refused together. `line` is the one that BigQuery names (from 0; null where it names none), which may be
 * a neighbour of the one it means. Answers what to do next, or `set aside` where they are to be set aside as they are.
 */
export function afterRefused(search: Search, rows: number, line: number | null): Search | 'set aside' {
  const refusals = search.refusals + 1;
  if (rows === 1 || refusals > mostRefusals) return 'set aside';
  const isNamed = line !== null && line < rows;
  if (isNamed && line === 0) return { bad: rows, next: 1, suspectNext: false, refusals };
  if (isNamed) return { bad: rows, next: line, suspectNext: true, refusals };
  return { bad: rows, next: half(rows), suspectNext: false, refusals };
}
