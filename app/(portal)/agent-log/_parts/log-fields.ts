/** The filters that the lists of the agent log share. */
import type { FilterField } from '@/app/_ui/filter-bar';
import { logLengths } from '@/lib/domains/agent-log/tools/log-days';

/** Days: a length that ends today, or a first and last day, which win. */
export const dayFields: readonly FilterField[] = [
  {
    type: 'select',
    name: 'days',
    label: 'Days (UTC)',
    options: [
      { value: '', label: 'Last 30 days' },
      ...logLengths
        .filter(length => length !== 30)
        .map(length => ({ value: String(length), label: `Last ${length} days` })),
    ],
  },
  { type: 'date', name: 'from', label: 'From day' },
  { type: 'date', name: 'to', label: 'To day' },
];

/** A tool of those that were called in the days; one of the address that none of them is stays in the form. */
export function toolField(names: readonly string[], chosen: string | undefined): FilterField {
  const known = names.filter(Boolean).sort();
  const all = chosen && !known.includes(chosen) ? [chosen, ...known] : known;
  return {
    type: 'select',
    name: 'tool',
    label: 'Tool',
    options: [{ value: '', label: 'All tools' }, ...all.map(name => ({ value: name, label: name }))],
  };
}
