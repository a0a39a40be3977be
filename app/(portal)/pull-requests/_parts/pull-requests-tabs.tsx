/** The pages of "Pull requests" as tabs. */
import { Tabs } from '@/app/_ui/tabs';

export const pullRequestPages = [
  { id: 'list', href: '/pull-requests', label: 'Pull requests' },
  { id: 'people', href: '/pull-requests/people', label: 'People' },
  { id: 'repositories', href: '/pull-requests/repositories', label: 'Repositories' },
] as const;

export function PullRequestsTabs({ current }: { current: (typeof pullRequestPages)[number]['id'] }) {
  return (
    <Tabs
      label="Pull requests"
      items={pullRequestPages.map(({ id, href, label }) => ({ href, label, current: id === current }))}
    />
  );
}
