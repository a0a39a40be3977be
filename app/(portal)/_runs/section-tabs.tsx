/** The pages of "Pipelines and runs" as tabs. */
import { Tabs } from '@/app/_ui/tabs';

export const pipelinePages = [
  { id: 'pipelines', href: '/pipelines', label: 'Pipelines' },
  { id: 'runs', href: '/runs', label: 'Runs' },
  { id: 'errors', href: '/pipelines/errors', label: 'Errors' },
] as const;

export function SectionTabs({ current }: { current: (typeof pipelinePages)[number]['id'] }) {
  return (
    <Tabs
      label="Pipelines and runs"
      items={pipelinePages.map(({ id, href, label }) => ({ href, label, current: id === current }))}
    />
  );
}
