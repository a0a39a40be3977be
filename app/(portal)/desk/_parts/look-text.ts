/** The text of a look at one table: always with a LIMIT, and with a filter of days where that keeps it cheap. Pure. */
import { type DeskTable, lookLimit } from '@/lib/domains/desk/rules';
import { addDays } from '@/lib/platform/clock';

const lookedDays = 7;

/** `today` is a UTC day. */
export function lookText(
  { name, partitionColumn }: Pick<DeskTable, 'name' | 'partitionColumn'>,
  today: string,
): string {
  const days = partitionColumn ? `\nWHERE \`${partitionColumn}\` >= '${addDays(today, -lookedDays)}'` : '';
  return `SELECT *\nFROM ${name}${days}\nLIMIT ${lookLimit}`;
}
