/** A column head that sorts: a link, so it is in the tab order and works without JavaScript. */
import { Icon } from '@/app/_ui/icon';
import { Link } from '@/app/_ui/link';
import type { SortState } from '@/app/_ui/list-params';

const icons = { ascending: 'arrow-up', descending: 'arrow-down', none: 'chevrons-up-down' } as const;
const next = { ascending: 'sort descending', descending: 'sort ascending', none: 'sort ascending' } as const;

export function SortHead({ href, state, children }: { href: string; state: SortState; children: string }) {
  return (
    <Link href={href} className="sort-link">
      {children}
      <span className="sr-only">, {next[state]}</span>
      <Icon name={icons[state]} size={12} />
    </Link>
  );
}
