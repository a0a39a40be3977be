/** The two menus of the top bar: which organization, and who is signed in. All choices are plain forms and links. */

import { Icon } from '@/app/_ui/icon';
import { Menu, type MenuItem } from '@/app/_ui/menu';
import { SectionField } from '@/app/_ui/nav-link';
import type { Organization, ShellProps } from '@/app/_ui/shell-types';

type OrganizationProps = {
  organization: Organization;
  organizations: readonly Organization[];
};

export function OrganizationMenu({ organization, organizations }: OrganizationProps) {
  const name = <span className="max-w-28 truncate font-semibold sm:max-w-60">{organization.name}</span>;
  if (organizations.length < 2) return <span className="flex min-w-0 px-2">{name}</span>;
  const items: MenuItem[] = organizations.map(({ customerId, name: label }) => ({
    type: 'custom',
    key: customerId,
    content: (
      <form action="/api/session/switch" method="post">
        <input type="hidden" name="customer_id" value={customerId} />
        <SectionField />
        <button type="submit" className="menu-item" aria-current={customerId === organization.customerId || undefined}>
          <span className="min-w-0 flex-1 wrap-anywhere">{label}</span>
          {customerId === organization.customerId && <Icon name="check" label="Current" />}
        </button>
      </form>
    ),
  }));
  return (
    <Menu
      id="organization-menu"
      name={`Organization ${organization.name}, switch`}
      align="start"
      items={items}
      trigger={
        <>
          {name}
          <Icon name="chevrons-up-down" size={14} />
        </>
      }
    />
  );
}

type AccountProps = Pick<ShellProps, 'person' | 'supportHref'>;

export function AccountMenu({ person, supportHref }: AccountProps) {
  const items: MenuItem[] = [
    { type: 'custom', key: 'who', content: <Who {...person} /> },
    { type: 'link', label: 'Profile and theme', href: '/settings/profile', icon: 'user' },
    {
      type: 'custom',
      key: 'shortcuts',
      content: (
        <button type="button" className="menu-item needs-script" data-opens="list">
          <Icon name="keyboard" />
          Keyboard shortcuts
        </button>
      ),
    },
    ...(supportHref ? [{ type: 'link', label: 'Support console', href: supportHref, icon: 'shield' } as const] : []),
    {
      type: 'custom',
      key: 'sign-out',
      content: (
        <form action="/api/session/sign-out" method="post">
          <button type="submit" className="menu-item">
            <Icon name="log-out" />
            Sign out
          </button>
        </form>
      ),
    },
  ];
  const trigger = (
    <>
      <span className="font-semibold">{initials(person.name)}</span>
      <Icon name="chevron-down" size={14} />
    </>
  );
  return (
    <Menu
      id="account-menu"
      name={`${initials(person.name)}, account of ${person.name}`}
      items={items}
      trigger={trigger}
    />
  );
}

function Who({ name, email, role }: ShellProps['person']) {
  return (
    <p className="border-b border-border px-2 py-2 text-table">
      <span className="block font-semibold wrap-anywhere">{name}</span>
      <span className="block text-muted wrap-anywhere">{email}</span>
      <span className="block text-muted">{role}</span>
    </p>
  );
}

/** "MK" of "Mia Kern". */
function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map(word => [...(word ?? '')][0] ?? '');
  return letters.join('').toUpperCase();
}
