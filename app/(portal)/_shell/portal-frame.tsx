/** The frame of a member's pages: organization, navigation and account; pages lie in it, and so do their 403, 404 and errors. */
import type { ReactNode } from 'react';
import { AppShell } from '@/app/_ui/app-shell';
import { Icon } from '@/app/_ui/icon';
import { Shortcuts } from '@/app/_ui/palette/shortcuts';
import { mayOpen, targetsOf } from '@/app/(portal)/_shell/targets';
import { roleWords } from '@/lib/domains/team/rules';
import type { Visitor } from '@/lib/edge/portal/page';

type Props = { visitor: Visitor; children: ReactNode };

export function PortalFrame({ visitor, children }: Props) {
  const { session, membership } = visitor;
  const organization = (item: typeof membership) => ({ customerId: item.customerId, name: item.companyName });
  return (
    <AppShell
      organization={organization(membership)}
      organizations={session.person.memberships.map(organization)}
      person={{
        name: session.person.fullName ?? session.person.email,
        email: session.person.email,
        role: roleWords[membership.role],
      }}
      allowed={id => mayOpen(visitor, id)}
      tools={
        <Shortcuts targets={targetsOf(visitor)} customerId={membership.customerId}>
          <Icon name="search" />
          <span className="max-sm:sr-only">Search…</span>
          <kbd className="max-lg:hidden">Ctrl K</kbd>
        </Shortcuts>
      }
      supportHref={session.isStaff ? '/support' : undefined}
    >
      {children}
    </AppShell>
  );
}
