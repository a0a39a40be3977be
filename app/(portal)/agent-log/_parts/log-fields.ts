/** The filters that the lists of the agent log share. */
import type { FilterField } from '@/app/_ui/filter-bar';
import { dayFieldsOf, withChosen } from '@/app/(portal)/_shell/list-fields';
import { logLengths } from '@/lib/domains/agent-log/tools/log-days';

export const dayFields = dayFieldsOf(logLengths);

/** A tool of those that were called in the days; one of the address that none of them is stays in the form. */
export function toolField(names: readonly string[], chosen: string | undefined): FilterField {
  const known = names.filter(Boolean).sort();
  const all = withChosen(known, chosen);
  return {
    type: 'select',
    name: 'tool',
    label: 'Tool',
    options: [{ value: '', label: 'All tools' }, ...all.map(name => ({ value: name, label: name }))],
  };
}
