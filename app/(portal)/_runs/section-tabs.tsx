/** The pages of "Pipelines and runs" as tabs. */
import { Tabs } from '@/app/_ui/tabs';

const pages = [
  { id: 'pipelines', href: '/pipelines', label: 'Pipelines' },
  { id: 'runs', href: '/runs', label: 'Runs' },
  { id: 'errors', href: '/pipelines/errors', label: 'Errors' },
] as const;

export function SectionTabs({ current }: { current: (typeof pages)[number]['id'] }) {
  return (
    <Tabs
      label="Pipelines and runs"
      items={pages.map(({ id, href, label }) => ({ href, label, current: id === current }))}
    />
  );
}
