'use client';
/** A section in the navigation. The frame stays when pages change, so that the browser says where one is; without scripts the server does. */
import { usePathname } from 'next/navigation';
import type { ReactNode } from 'react';
import { Link } from '@/app/_ui/link';
import { isWithin } from '@/app/_ui/nav';

type Props = { href: string; also?: string; children: ReactNode };

export function NavLink({ href, also, children }: Props) {
  const path = usePathname();
  const current = path === href ? 'page' : isWithin(path, { href, also }) ? 'true' : undefined;
  return (
    <Link href={href} className="nav-link" aria-current={current}>
      {children}
    </Link>
  );
}

/** Where a switch of the organization lands: the section's own page, never one of a thing of the other organization. */
export function SectionField() {
  const section = `/${usePathname().split('/')[1] ?? ''}`;
  return <input type="hidden" name="next" value={section} />;
}
