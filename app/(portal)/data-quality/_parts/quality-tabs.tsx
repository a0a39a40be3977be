/** The pages of "Data quality" as tabs. */
import { Tabs } from '@/app/_ui/tabs';

export const qualityPages = [
  { id: 'tables', href: '/data-quality', label: 'Tables' },
  { id: 'checks', href: '/data-quality/checks', label: 'Checks' },
] as const;

export function QualityTabs({ current }: { current: (typeof qualityPages)[number]['id'] }) {
  return (
    <Tabs
      label="Data quality"
      items={qualityPages.map(({ id, href, label }) => ({ href, label, current: id === current }))}
    />
  );
}
