/** The filters of the list of runs. */
import type { FilterField } from '@/app/_ui/filter-bar';
import type { ListParams } from '@/app/_ui/list-params';
import { statuses } from '@/app/_ui/status';
import { runStatusLook } from '@/app/(portal)/_runs/run-status';
import { triggerWord } from '@/app/(portal)/runs/_parts/trigger';
import { runStatuses, triggerTypes } from '@/lib/domains/runs/tables';

const any = (label: string) => ({ value: '', label });

/** `keys` are those of the organization. An error and a config are chosen on their own pages; here they can only be taken off. */
export const runFields = (
  keys: readonly { id: string; name: string }[],
  { error, config }: ListParams,
): FilterField[] => [
  {
    type: 'select',
    name: 'status',
    label: 'Status',
    options: [any('Any'), ...runStatuses.map(value => ({ value, label: statuses[runStatusLook[value]].word }))],
  },
  { type: 'search', name: 'pipeline', label: 'Pipeline', placeholder: 'Its whole name' },
  {
    type: 'select',
    name: 'trigger',
    label: 'Trigger',
    options: [any('Any'), ...triggerTypes.map(value => ({ value, label: triggerWord(value) }))],
  },
  {
    type: 'select',
    name: 'origin',
    label: 'Origin',
    options: [any('Any'), { value: 'ours', label: 'Tenantry' }, { value: 'observed', label: 'Observed' }],
  },
  {
    type: 'select',
    name: 'key',
    label: 'API key',
    isCut: true,
    options: [any('Any'), ...keys.map(({ id, name }) => ({ value: id, label: name }))],
  },
  {
    type: 'select',
    name: 'checks',
    label: 'Checks',
    options: [any('Any'), { value: 'failed', label: 'Failed' }],
  },
  { type: 'date', name: 'from', label: 'From day (UTC)' },
  { type: 'date', name: 'to', label: 'To day (UTC)' },
  ...(error ? [{ type: 'kept', name: 'error', label: 'Error kind' } as const] : []),
  ...(config ? [{ type: 'kept', name: 'config', label: 'Provider config' } as const] : []),
];
