/** The frame of signed-in pages: it stays while pages change, and they give what must be as fresh as they are. */

import { AccountMenu, OrganizationMenu } from '@/app/_ui/account-menu';
import { DialogCommands } from '@/app/_ui/dialog-commands';
import { Icon } from '@/app/_ui/icon';
import { Link } from '@/app/_ui/link';
import { type NavGroup, navGroups } from '@/app/_ui/nav';
import { NavLink } from '@/app/_ui/nav-link';
import { PageOutline } from '@/app/_ui/page-outline';
import type { ShellProps } from '@/app/_ui/shell-types';
import { Mark, Wordmark } from '@/app/_ui/wordmark';

const drawerId = 'nav-drawer';

export function AppShell(props: ShellProps) {
  const allowed = props.allowed ?? (() => true);
  const groups = navGroups
    .map(group => ({ ...group, items: group.items.filter(item => allowed(item.id)) }))
    .filter(group => group.items.length > 0);
  return (
    <>
      <a href="#main" className="skip-link link">
        Skip to content
      </a>
      <TopBar {...props} />
      <div className="frame">
        <div className="sidenav">
          <Navigation groups={groups} />
        </div>
        <div className="frame-page">
          {props.children}
          <PageOutline />
        </div>
      </div>
      <dialog id={drawerId} className="drawer" aria-label="Navigation">
        <div className="mb-4 flex items-center justify-between pl-2">
          <Wordmark />
          <button
            type="button"
            className="btn btn-quiet btn-icon"
            aria-label="Close navigation"
            {...{ command: 'close', commandfor: drawerId }}
          >
            <Icon name="x" />
          </button>
        </div>
        <Navigation groups={groups} />
      </dialog>
      <DialogCommands />
    </>
  );
}

function TopBar({ organization, organizations, person, supportHref, tools }: ShellProps) {
  return (
    <header className="topbar">
      <button
        type="button"
        className="btn btn-quiet btn-icon lg:hidden"
        aria-label="Open navigation"
        {...{ command: 'show-modal', commandfor: drawerId }}
      >
        <Icon name="menu" size={20} />
      </button>
      <Link href="/" className="topbar-mark" aria-label="Tenantry, Overview">
        <Mark />
      </Link>
      <span className="topbar-line" aria-hidden="true" />
      <OrganizationMenu organization={organization} organizations={organizations} />
      <div className="ml-auto flex items-center gap-1">
        {tools}
        <Link href="/docs" className="btn btn-quiet btn-icon sm:px-2">
          <Icon name="circle-question-mark" />
          <span className="max-sm:sr-only">Docs</span>
        </Link>
        <AccountMenu person={person} supportHref={supportHref} />
      </div>
    </header>
  );
}

const Navigation = ({ groups }: { groups: readonly NavGroup[] }) => (
  <nav aria-label="Main" className="flex flex-col gap-5">
    {groups.map(group => (
      <div key={group.label}>
        <p className="nav-group">{group.label}</p>
        <ul className="flex flex-col gap-0.5">
          {group.items.map(({ id, href, also, icon, label }) => (
            <li key={id}>
              <NavLink href={href} also={also}>
                <Icon name={icon} />
                {label}
              </NavLink>
            </li>
          ))}
        </ul>
      </div>
    ))}
  </nav>
);
