/** Sections of one noun as links; the current one is marked, nothing is hidden in the browser. */
import { Link } from '@/app/_ui/link';

type Props = { label: string; items: readonly { href: string; label: string; current: boolean }[] };

export function Tabs({ label, items }: Props) {
  return (
    <nav aria-label={label} className="tabs mb-4">
      {items.map(item => (
        <Link key={item.href} href={item.href} className="tab" aria-current={item.current ? 'page' : undefined}>
          {item.label}
        </Link>
      ))}
    </nav>
  );
}
