/** The filters of the list of provider configs. */
import type { FilterField } from '@/app/_ui/filter-bar';
import {
  configDomains,
  configDomainTitles,
  configProviders,
  configProviderTitles,
} from '@/lib/domains/providers/rules';

const all = { value: '', label: 'All' };

export const configFields: readonly FilterField[] = [
  { type: 'search', name: 'q', label: 'Search', placeholder: 'Name or pipeline' },
  {
    type: 'select',
    name: 'provider',
    label: 'Provider',
    options: [all, ...configProviders.map(value => ({ value, label: configProviderTitles[value] }))],
  },
  {
    type: 'select',
    name: 'domain',
    label: 'About',
    options: [all, ...configDomains.map(value => ({ value, label: configDomainTitles[value] }))],
  },
  {
    type: 'select',
    name: 'state',
    label: 'State',
    options: [all, { value: 'on', label: 'On' }, { value: 'off', label: 'Off' }],
  },
  { type: 'kept', name: 'credential', label: 'Credential' },
  { type: 'kept', name: 'tag', label: 'Tag' },
];
