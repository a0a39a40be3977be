/** The lists below "Sessions" as links: all of them, and the two that the data model asks for. */
import { Tabs } from '@/app/_ui/tabs';

const lists = [
  { id: 'all', href: '/traces/sessions', label: 'All sessions' },
  { id: 'developers', href: '/traces/sessions/developers', label: 'By developer' },
  { id: 'costly', href: '/traces/sessions/costly', label: 'High cost' },
] as const;

export function SessionLists({ current }: { current: (typeof lists)[number]['id'] }) {
  return (
    <Tabs label="Sessions" items={lists.map(({ id, href, label }) => ({ href, label, current: id === current }))} />
  );
}
