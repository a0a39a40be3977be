/** Filter fields that lists of several sections share. */
import type { FilterField } from '@/app/_ui/filter-bar';

/** Days: a length that ends today, 30 where none is chosen, or a first and last day, which win. */
export const dayFieldsOf = (lengths: readonly number[]): readonly FilterField[] => [
  {
    type: 'select',
    name: 'days',
    label: 'Days (UTC)',
    options: [
      { value: '', label: 'Last 30 days' },
      ...lengths
        .filter(length => length !== 30)
        .map(length => ({ value: String(length), label: `Last ${length} days` })),
    ],
  },
  { type: 'date', name: 'from', label: 'From day' },
  { type: 'date', name: 'to', label: 'To day' },
];

/** The known names, and the one of the address where it is none of them, so that it stays in the form. */
export const withChosen = (known: readonly string[], chosen: string | undefined): readonly string[] =>
  chosen && !known.includes(chosen) ? [chosen, ...known] : known;
