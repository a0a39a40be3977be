/** The pages of "Data quality" as tabs. */
import { Tabs } from '@/app/_ui/tabs';

const pages = [
  { id: 'tables', href: '/data-quality', label: 'Tables' },
  { id: 'checks', href: '/data-quality/checks', label: 'Checks' },
] as const;

export function QualityTabs({ current }: { current: (typeof pages)[number]['id'] }) {
  return (
    <Tabs label="Data quality" items={pages.map(({ id, href, label }) => ({ href, label, current: id === current }))} />
  );
}
