/** The filters that the lists of AI usage share. */
import type { FilterField } from '@/app/_ui/filter-bar';
import type { ListParams } from '@/app/_ui/list-params';
import { nameWords } from '@/app/(portal)/traces/_parts/cost-words';
import type { Breakdown } from '@/lib/domains/traces/usage/usage';
import { usageLengths } from '@/lib/domains/traces/usage/usage-filter';

export type UsageName = { kind: Breakdown; name: string };

const labels = { model: 'Model', developer: 'Developer', repository: 'Repository' };
const anyOf = { model: 'All models', developer: 'All developers', repository: 'All repositories' };

function nameField(kind: Breakdown, names: readonly UsageName[], chosen: string | undefined): FilterField {
  const known = names.flatMap(found => (found.kind === kind ? [found.name] : []));
  // A name of the address that no request of these days has stays in the form.
  const all = chosen && !known.includes(chosen) ? [chosen, ...known] : known;
  return {
    type: 'select',
    name: kind,
    label: labels[kind],
    options: [{ value: '', label: anyOf[kind] }, ...all.map(name => ({ value: name, label: nameWords(kind, name) }))],
  };
}

/** Days: a length that ends today, or a first and last day, which win. */
export const dayFields: readonly FilterField[] = [
  {
    type: 'select',
    name: 'days',
    label: 'Days (UTC)',
    options: [
      { value: '', label: 'Last 30 days' },
      ...usageLengths
        .filter(length => length !== 30)
        .map(length => ({ value: String(length), label: `Last ${length} days` })),
    ],
  },
  { type: 'date', name: 'from', label: 'From day' },
  { type: 'date', name: 'to', label: 'To day' },
];

export const nameFields = (
  kinds: readonly Breakdown[],
  names: readonly UsageName[],
  params: ListParams,
): readonly FilterField[] => kinds.map(kind => nameField(kind, names, params[kind]));
