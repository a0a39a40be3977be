/** The filters that the lists of AI usage share. */
import type { FilterField } from '@/app/_ui/filter-bar';
import type { ListParams } from '@/app/_ui/list-params';
import { dayFieldsOf, withChosen } from '@/app/(portal)/_shell/list-fields';
import { nameWords } from '@/app/(portal)/traces/_parts/cost-words';
import type { Breakdown } from '@/lib/domains/traces/usage/usage';
import { usageLengths } from '@/lib/domains/traces/usage/usage-filter';

export type UsageName = { kind: Breakdown; name: string };

const labels = { model: 'Model', developer: 'Developer', repository: 'Repository' };
const anyOf = { model: 'All models', developer: 'All developers', repository: 'All repositories' };

function nameField(kind: Breakdown, names: readonly UsageName[], chosen: string | undefined): FilterField {
  const known = names.flatMap(found => (found.kind === kind ? [found.name] : []));
  const all = withChosen(known, chosen);
  return {
    type: 'select',
    name: kind,
    label: labels[kind],
    options: [{ value: '', label: anyOf[kind] }, ...all.map(name => ({ value: name, label: nameWords(kind, name) }))],
  };
}

export const dayFields = dayFieldsOf(usageLengths);

export const nameFields = (
  kinds: readonly Breakdown[],
  names: readonly UsageName[],
  params: ListParams,
): readonly FilterField[] => kinds.map(kind => nameField(kind, names, params[kind]));
