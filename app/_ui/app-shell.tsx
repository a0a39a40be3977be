/** The frame of every signed-in page. Pages render it themselves, so meter, banner and crumbs are as fresh as the page. */

import { AccountMenu, OrganizationMenu } from '@/app/_ui/account-menu';
import { DialogCommands } from '@/app/_ui/dialog-commands';
import { Icon } from '@/app/_ui/icon';
import { Link } from '@/app/_ui/link';
import { Meter } from '@/app/_ui/meter';
import { type NavGroup, navGroups } from '@/app/_ui/nav';
import type { ShellProps } from '@/app/_ui/shell-types';

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
      <div className="mx-auto flex max-w-[90rem]">
        <div className="sidenav">
          <Navigation groups={groups} {...props} />
        </div>
        <main id="main" tabIndex={-1} className="min-w-0 flex-1 px-4 py-6 sm:px-8">
          <div className="mx-auto max-w-content">
            {props.banner}
            {props.children}
          </div>
        </main>
      </div>
      <dialog id={drawerId} className="drawer" aria-label="Navigation">
        <div className="mb-3 flex items-center justify-between">
          <span className="px-2 font-semibold">Tenantry</span>
          <button
            type="button"
            className="btn btn-quiet btn-icon"
            aria-label="Close navigation"
            {...{ command: 'close', commandfor: drawerId }}
          >
            <Icon name="x" />
          </button>
        </div>
        <Navigation groups={groups} {...props} />
      </dialog>
      <DialogCommands />
    </>
  );
}

function TopBar({ organization, organizations, person, current, crumbs = [], supportHref }: ShellProps) {
  const section = navGroups.flatMap(group => group.items).find(item => item.id === current);
  const trail = [...(section ? [{ label: section.label, href: section.href }] : []), ...crumbs];
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
      <OrganizationMenu organization={organization} organizations={organizations} section={section?.href ?? '/'} />
      <nav aria-label="Breadcrumb" className="hidden min-w-0 flex-1 sm:block">
        <ol className="flex min-w-0 items-center gap-1 text-table text-muted">
          {trail.map((crumb, index) => (
            <li key={crumb.label} className="flex min-w-0 items-center gap-1">
              <Icon name="chevron-right" size={14} />
              {crumb.href && index < trail.length - 1 ? (
                <Link href={crumb.href} className="link-quiet truncate">
                  {crumb.label}
                </Link>
              ) : (
                <span className="truncate" aria-current={index === trail.length - 1 ? 'page' : undefined}>
                  {crumb.label}
                </span>
              )}
            </li>
          ))}
        </ol>
      </nav>
      <div className="ml-auto flex items-center gap-1">
        <Link href="/docs" className="btn btn-quiet btn-icon sm:px-2">
          <Icon name="circle-question-mark" />
          <span className="max-sm:sr-only">Help</span>
        </Link>
        <AccountMenu person={person} supportHref={supportHref} />
      </div>
    </header>
  );
}

type NavigationProps = Pick<ShellProps, 'current' | 'runsToday' | 'trial' | 'crumbs'> & { groups: readonly NavGroup[] };

function Navigation({ groups, current, crumbs = [], runsToday, trial }: NavigationProps) {
  return (
    <>
      <nav aria-label="Main" className="flex flex-col gap-4">
        {groups.map(group => (
          <div key={group.label}>
            <p className="mb-1 px-2 text-meta font-medium text-muted">{group.label}</p>
            <ul className="flex flex-col gap-0.5">
              {group.items.map(item => (
                <li key={item.id}>
                  <Link
                    href={item.href}
                    className="nav-link"
                    aria-current={item.id !== current ? undefined : crumbs.length > 0 ? 'true' : 'page'}
                  >
                    <Icon name={item.icon} />
                    {item.label}
                  </Link>
                </li>
              ))}
            </ul>
          </div>
        ))}
      </nav>
      {(runsToday || trial) && (
        <section aria-label="Plan" className="mt-4 flex flex-col gap-3 border-t border-border px-2 pt-4 lg:mt-auto">
          {runsToday && <Meter label="Runs today" kind="refuse" {...runsToday} />}
          {trial && (
            <p className="text-meta text-muted">
              {trial.href ? (
                <Link className="link-quiet" href={trial.href}>
                  {trial.text}
                </Link>
              ) : (
                trial.text
              )}
            </p>
          )}
        </section>
      )}
    </>
  );
}
