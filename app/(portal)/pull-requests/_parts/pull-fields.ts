/** The filters of the list of pull requests. */
import type { FilterField } from '@/app/_ui/filter-bar';
import type { ListParams } from '@/app/_ui/list-params';
import { dayFields } from '@/app/(portal)/traces/_parts/usage-fields';
import type { PullNames } from '@/lib/domains/pull-requests/usage/list-names';

/** A name of the address that is not among those known stays in the form. */
function select(name: string, label: string, any: string, known: readonly string[], chosen?: string): FilterField {
  const all = chosen && !known.includes(chosen) ? [chosen, ...known] : known;
  return {
    type: 'select',
    name,
    label,
    options: [{ value: '', label: any }, ...all.map(value => ({ value, label: value }))],
  };
}

export const pullFields = ({ repositories, authors }: PullNames, params: ListParams): readonly FilterField[] => [
  { type: 'search', name: 'q', label: 'Search', placeholder: 'Title or #number' },
  {
    type: 'select',
    name: 'state',
    label: 'State',
    options: [
      { value: '', label: 'All states' },
      { value: 'merged', label: 'Merged' },
      { value: 'open', label: 'Open' },
      { value: 'closed', label: 'Closed' },
    ],
  },
  select('repository', 'Repository', 'All repositories', repositories, params.repository),
  select('author', 'Author', 'All authors', authors, params.author),
  ...dayFields,
  {
    type: 'select',
    name: 'sort',
    label: 'Order',
    options: [
      { value: '', label: 'Highest cost first' },
      { value: 'updated', label: 'Last changed first' },
    ],
  },
];
