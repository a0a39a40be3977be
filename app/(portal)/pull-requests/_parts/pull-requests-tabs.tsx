/** The pages of "Pull requests" as tabs. */
import { Tabs } from '@/app/_ui/tabs';

const pages = [
  { id: 'list', href: '/pull-requests', label: 'Pull requests' },
  { id: 'people', href: '/pull-requests/people', label: 'People' },
  { id: 'repositories', href: '/pull-requests/repositories', label: 'Repositories' },
] as const;

export function PullRequestsTabs({ current }: { current: (typeof pages)[number]['id'] }) {
  return (
    <Tabs
      label="Pull requests"
      items={pages.map(({ id, href, label }) => ({ href, label, current: id === current }))}
    />
  );
}
