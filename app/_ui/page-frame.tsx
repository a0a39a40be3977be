/** What a page gives the frame around it: where it lies, the one banner, its content, and the plan's meter beside the navigation. */
import type { ReactNode } from 'react';
import { Icon } from '@/app/_ui/icon';
import { Link } from '@/app/_ui/link';
import { Meter } from '@/app/_ui/meter';
import { navGroups } from '@/app/_ui/nav';
import type { PageProps } from '@/app/_ui/shell-types';

export function PageFrame({ current, crumbs = [], banner, runsToday, trial, children }: PageProps) {
  const section = navGroups.flatMap(group => group.items).find(item => item.id === current);
  return (
    <>
      <main id="main" tabIndex={-1} className="page">
        <div className="mx-auto max-w-content">
          {banner}
          {section && crumbs.length > 0 && <Crumbs trail={[section, ...crumbs]} />}
          {children}
        </div>
      </main>
      {(runsToday || trial) && (
        <section aria-label="Plan" className="plan-box">
          {runsToday && <Meter label="Runs today" kind="refuse" {...runsToday} />}
          {trial && <p className="text-meta text-muted">{trialText(trial)}</p>}
        </section>
      )}
    </>
  );
}

const trialText = ({ text, href }: NonNullable<PageProps['trial']>): ReactNode =>
  href ? (
    <Link className="link-quiet" href={href}>
      {text}
    </Link>
  ) : (
    text
  );

/** The way back; the page itself comes last and is no link. */
const Crumbs = ({ trail }: { trail: readonly { label: string; href?: string }[] }) => (
  <nav aria-label="Breadcrumb" className="mb-2">
    <ol className="flex min-w-0 flex-wrap items-center gap-x-1 text-table text-muted">
      {trail.map((crumb, index) => (
        <li key={crumb.label} className="flex min-w-0 items-center gap-1">
          {index > 0 && <Icon name="chevron-right" size={14} />}
          {crumb.href && index < trail.length - 1 ? (
            <Link href={crumb.href} className="crumb truncate">
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
);
