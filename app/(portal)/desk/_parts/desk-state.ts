/** What the editor's form is answered: where a text was refused, or what it would read and cost. Words are made on the server. */
import { formatDollars } from '@/app/_ui/format';
import { failureTitle, queryHref, typeWords } from '@/app/(portal)/desk/_parts/desk-words';
import type { Estimate } from '@/lib/domains/desk/run/estimate-query';
import { type FormState, idle } from '@/lib/edge/portal/form-state';
import { AppError } from '@/lib/platform/errors';
import { formatBytes } from '@/lib/platform/words/format-bytes';

/** Where in the text: the line as it was written, with the signs before the place made blank. */
export type Place = { line: number; column: number; text: string; before: string };

export type Refused = { title: string; reason: string; place: Place | null; note: string; href?: string };

export type Checked = {
  fits: boolean;
  title: string;
  /** What can be done where it does not fit. */
  note: string | null;
  facts: readonly { label: string; value: string }[];
  tables: readonly string[];
  columns: readonly { name: string; type: string }[];
};

export type DeskState = {
  form: FormState;
  sql: string;
  limit: string;
  refused: Refused | null;
  checked: Checked | null;
  /** How often the form was answered. */
  attempt: number;
};

export const opened = (sql: string, limit: string): DeskState => ({
  form: idle,
  sql,
  limit,
  refused: null,
  checked: null,
  attempt: 0,
});

/** Signs of a line that are shown around the place. */
const shownSigns = 120;

/** The line of a refusal, and what stands before the place as blanks of the same width; null where none is named. */
export function placeIn(sql: string, line: unknown, column: unknown): Place | null {
  if (typeof line !== 'number' || typeof column !== 'number') return null;
  const whole = sql.split('\n')[line - 1];
  if (whole === undefined) return null;
  const from = Math.max(0, column - 1 - shownSigns / 2);
  const text = whole.slice(from, from + shownSigns);
  return { line, column, text, before: text.slice(0, column - 1 - from).replace(/[^\t]/g, ' ') };
}

const bytesNote = (details: Record<string, unknown>): string => {
  const { estimated_bytes: asked, cap_bytes: cap } = details;
  const isKnown = typeof asked === 'number' && typeof cap === 'number';
  return isKnown
    ? `It would bill ${formatBytes(asked)}, and a query may bill ${formatBytes(cap, { exact: true })}. Nothing was billed.`
    : 'Nothing was billed.';
};

/** Why a query was not run, as the page says it; null for what is no answer about the text. */
export function refusalOf(error: unknown, sql: string): Refused | null {
  if (!(error instanceof AppError)) return null;
  const details = error.details ?? {};
  const reason = typeof details.reason === 'string' ? details.reason : error.message;
  switch (error.code) {
    case 'query_refused': {
      const place = placeIn(sql, details.line, details.column);
      const sent =
        details.layer === 'service'
          ? 'BigQuery was asked by a dry run only, which costs nothing'
          : 'Nothing was sent to BigQuery';
      return {
        title: place ? `Not run: line ${place.line}, column ${place.column}` : 'Not run',
        reason,
        place,
        note: `${sent}; 0 bytes were billed.`,
      };
    }
    case 'query_over_cap':
      return { title: 'Over the cap of a query', reason: error.message, place: null, note: bytesNote(details) };
    case 'bytes_budget_spent':
      return {
        title: 'Over the budget of today',
        reason: error.message,
        place: null,
        note: 'Nothing was billed. The day ends at 00:00 UTC.',
      };
    case 'query_failed':
      return {
        title: failureTitle(reason).replace(/\.$/, ''),
        reason,
        place: null,
        note: 'What it billed stands on its own page.',
        ...(typeof details.query_id === 'string' && { href: queryHref(details.query_id) }),
      };
    case 'desk_closed':
      return {
        title: 'The desk is closed',
        reason: error.message,
        place: null,
        note: 'Nothing was billed.',
      };
    default:
      return null;
  }
}

const fitWords: Record<Estimate['fits'], [title: string, note: string | null]> = {
  yes: ['It can run', null],
  over_cap: [
    'Over the cap of a query',
    'It will not run as it is, and nothing is billed. Read fewer columns, or filter by the column that a table is partitioned by.',
  ],
  over_day: ['Over the budget of today', 'It will not run before 00:00 UTC, and nothing is billed.'],
};

/** What a text would read and cost. */
export function checkedOf(estimate: Estimate): Checked {
  const { fits, tables, columns, estimatedBytes, usd, capBytes, dayBytes, dayLimitBytes } = estimate;
  const [title, note] = fitWords[fits];
  return {
    fits: fits === 'yes',
    title,
    note,
    facts: [
      { label: 'Would bill', value: formatBytes(estimatedBytes) },
      { label: 'Price', value: formatDollars(usd) },
      { label: 'Cap of a query', value: formatBytes(capBytes, { exact: true }) },
      { label: 'Billed today', value: `${formatBytes(dayBytes)} of ${formatBytes(dayLimitBytes, { exact: true })}` },
    ],
    tables: tables.map(({ name }) => name),
    columns: columns.map(column => ({ name: column.name, type: typeWords(column) })),
  };
}
