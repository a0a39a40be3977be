/** The filters of the audit log; all options come from closed lists or from the log itself. */
import type { FilterField } from '@/app/_ui/filter-bar';
import type { ActorOption } from '@/app/(portal)/audit/_parts/read-audit-page';
import { deniedAction } from '@/lib/domains/audit/input';
import { actionOptions, targetTypes } from '@/lib/domains/audit/rules';

const all = (label: string) => ({ value: '', label });

/** Kinds of things a customer's own log can hold. */
const shownTargets = [
  'api_key',
  'credential',
  'provider_config',
  'event_source',
  'repository',
  'developer',
  'ai_budget',
  'model_price',
  'agent_log_user',
  'run',
  'member',
  'user',
  'subscription',
  'customer',
  'permission',
];

export const auditFields = (actors: readonly ActorOption[]): FilterField[] => [
  { type: 'select', name: 'actor', label: 'Who', options: [all('Everybody'), ...actors] },
  {
    type: 'select',
    name: 'action',
    label: 'Action',
    options: [all('All actions'), { value: deniedAction, label: 'Refused attempts' }, ...actionOptions],
  },
  {
    type: 'select',
    name: 'target',
    label: 'Target',
    options: [
      all('All targets'),
      ...Object.entries(targetTypes)
        .filter(([value]) => shownTargets.includes(value))
        .map(([value, label]) => ({ value, label })),
    ],
  },
  { type: 'date', name: 'from', label: 'From day' },
  { type: 'date', name: 'to', label: 'To day' },
];
