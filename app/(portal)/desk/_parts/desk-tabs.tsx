/** The pages of the query desk as tabs. */
import { Tabs } from '@/app/_ui/tabs';

export const deskPages = [
  { id: 'ask', href: '/desk', label: 'Query' },
  { id: 'history', href: '/desk/history', label: 'History' },
  { id: 'saved', href: '/desk/saved', label: 'Saved' },
  { id: 'settings', href: '/desk/settings', label: 'Limits' },
] as const;

export function DeskTabs({ current }: { current?: (typeof deskPages)[number]['id'] }) {
  return (
    <Tabs
      label="Query desk"
      items={deskPages.map(({ id, href, label }) => ({ href, label, current: id === current }))}
    />
  );
}
