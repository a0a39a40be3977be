/** An event and what was changed of it, in words. Pure. */
import type { ReceiptRow, ReceiptSummary } from '@/lib/domains/events/view';

type Named = Pick<ReceiptSummary, 'event' | 'type'>;

/** "Order Completed" for a track call, else the call's type. */
export const eventName = ({ event, type }: Named): string => event ?? type ?? 'Unknown call';

type Note = ReceiptSummary['notes'][number];

const noteWords: Record<Note['code'], (note: Note) => string> = {
  renamed_event: ({ path, detail }) => `${path} is table ${detail}`,
  renamed_column: ({ path, detail }) => `${path} is column ${detail}`,
  reserved_name: ({ path }) => `${path} has the name of a standard column and was kept out`,
  name_too_long: ({ path, detail }) => `${path} is longer than names may be; it is column ${detail}`,
  too_deep: ({ path }) => `${path} is nested deep and was kept as JSON`,
  time_out_of_range: ({ path, detail }) => `${path} is a time that BigQuery cannot keep and was kept out: ${detail}`,
  clash: ({ path, detail }) => `${path} has the same column as another property and was kept out: ${detail}`,
};

/** One sentence of what the transform did to a property. */
export const noteText = (note: Note): string => noteWords[note.code](note);

type TableChange = ReceiptRow['changes'][number];

/** What the event's load made of the table; null for a kind that is not told of here. */
function changeText({ kind, column, from, to }: TableChange): string | null {
  switch (kind) {
    case 'table_created':
      return 'table made';
    case 'column_added':
      return `column ${column} added as ${to}`;
    case 'column_widened':
      return `column ${column} widened from ${from} to ${to}`;
    case 'table_rewritten':
      return column ? `table written anew, so that ${column} is ${to}` : 'table written anew';
    default:
      return null;
  }
}

/** The sentences of all changes, the making of the table first: it was made with its columns at one instant. */
export const changeTexts = (changes: readonly TableChange[]): string[] =>
  changes
    .toSorted((a, b) => Number(b.kind === 'table_created') - Number(a.kind === 'table_created'))
    .flatMap(change => changeText(change) ?? []);
