/** What answers of several tools have in common. */
import { z } from 'zod';
import type { RowsAge } from '@/lib/warehouse/query/rows-age';

/** Says what was cut of an answer; null where it is whole. */
export const noteFields = {
  note: z.string().nullable().meta({ description: 'What was left out of the answer; null where it is whole.' }),
};

/** How old an answer of BigQuery is. */
export const ageFields = {
  as_of: z.iso.datetime().meta({ description: 'When BigQuery was asked.' }),
  freshness: z.enum(['current', 'refreshing', 'limited', 'slow', 'unavailable']).meta({
    description:
      'current: nothing newer is known; limited, slow and unavailable: older rows, because too much was asked in this minute, BigQuery takes longer than usual, or it is away.',
  }),
};

export const ageBody = ({ state, readAt }: RowsAge) => ({ as_of: readAt.toISOString(), freshness: state });

/** "1 run", "2 runs". */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** "10,485,760". */
export const grouped = (count: number): string => count.toLocaleString('en-US');

/** How many rows a list answers. */
export const rowLimit = (most: number, usual: number) =>
  z.coerce.number().int().min(1).max(most).default(usual).meta({ description: 'Rows at most.' });

/** The days of a question, as the pages know them, described for agents. */
export const dayInputs = <Days extends z.ZodType, Day extends z.ZodType>(fields: {
  days: Days;
  from: Day;
  to: Day;
}) => ({
  days: fields.days.meta({ description: 'Length in UTC days, ending today; 30 where nothing is said.' }),
  from: fields.from.meta({ description: 'First UTC day, yyyy-mm-dd; wins over days.' }),
  to: fields.to.meta({ description: 'Last UTC day, yyyy-mm-dd, included.' }),
});
