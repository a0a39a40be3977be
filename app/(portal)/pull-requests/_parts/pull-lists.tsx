/** The lists of pull requests as links: all of them, and the one that the data model asks for. */
import { Tabs } from '@/app/_ui/tabs';

const lists = [
  { id: 'all', href: '/pull-requests', label: 'All pull requests' },
  { id: 'document', href: '/pull-requests/document', label: 'By the document’s query' },
] as const;

export function PullLists({ current }: { current: (typeof lists)[number]['id'] }) {
  return (
    <Tabs
      label="Lists of pull requests"
      items={lists.map(({ id, href, label }) => ({ href, label, current: id === current }))}
    />
  );
}
