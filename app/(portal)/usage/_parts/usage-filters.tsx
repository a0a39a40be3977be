/** Which days the Usage page shows, broken down by what, and whether they are compared: links and a GET form. */
import { FilterBar, type FilterField } from '@/app/_ui/filter-bar';
import { hrefWith } from '@/app/_ui/list-params';
import { Notice } from '@/app/_ui/notice';
import { Tabs } from '@/app/_ui/tabs';
import { compareField } from '@/app/(portal)/_charts/compare';
import { type UsageView, usageLengths } from '@/app/(portal)/usage/_parts/usage-view';

const path = '/usage';
const fields: readonly FilterField[] = [
  {
    type: 'select',
    name: 'by',
    label: 'Break down by',
    options: [
      { value: '', label: 'Outcome' },
      { value: 'pipeline', label: 'Pipeline' },
      { value: 'key', label: 'API key' },
    ],
  },
  compareField,
  { type: 'date', name: 'from', label: 'From day (UTC)' },
  { type: 'date', name: 'to', label: 'To day (UTC)' },
];

export function UsageFilters({ view }: { view: UsageView }) {
  const { params, problem, length } = view;
  return (
    <div className="flex flex-col gap-3">
      <Tabs
        label="Period"
        items={usageLengths.map(({ days, label }) => ({
          href: hrefWith(path, params, { days, from: undefined, to: undefined }),
          label,
          current: days === length,
        }))}
      />
      {problem && <Notice tone="warn">{problem} These are the last 30 days.</Notice>}
      <FilterBar path={path} params={params} fields={fields} keep={['days']} resultsId="usage-by-day" />
    </div>
  );
}
