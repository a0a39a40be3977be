/** Members, invitations, and what each role may do; from the permission table that commands and pages ask. */
import type { DocsPage, PageEntry } from '@/app/docs/_content/types';
import { roleWords } from '@/lib/domains/team/rules';
import { type Permission, permissions, roleDescriptions, roleHas, roles } from '@/lib/kernel/permissions';

/** Permissions that a role can have; the others are the operator's. */
const granted = (Object.keys(permissions) as Permission[]).filter(name => permissions[name].roles.length > 0);

const content = (): DocsPage => ({
  slug: 'team',
  title: 'Team and roles',
  lead: 'Who is in the organization, and what each of them may do.',
  sections: [
    {
      id: 'invite',
      title: 'Inviting and removing',
      blocks: [
        'Owners and admins invite people by e-mail, several at once. An invitation is taken up by signing in with that address. Members and open invitations share the seats of the plan.',
        'A removed member is signed out at once. API keys that they made go on working, because they belong to the organization; the page says so.',
        { tryIt: 'Open Team', href: '/team' },
      ],
    },
    {
      id: 'roles',
      title: 'Roles',
      blocks: [
        'A member has one role, read with every request: less power and a removal hold at once, for more power the person signs in again.',
        { terms: roles.map(role => ({ term: roleWords[role], text: roleDescriptions[role] })) },
      ],
    },
    {
      id: 'permissions',
      title: 'What each role may do',
      blocks: [
        {
          caption: 'What each role may do',
          head: ['Permission', 'Allows to', ...roles.map(role => roleWords[role])],
          rows: granted.map(name => [
            `\`${name}\``,
            permissions[name].description,
            ...roles.map(role => (roleHas(role, name) ? 'Yes' : 'No')),
          ]),
        },
      ],
    },
    {
      id: 'audit',
      title: 'On record',
      blocks: [
        'Every change is in the audit log with who made it, from where, and the fields before and after; refusals are counted there too. Owners and admins read it, and can take it away as a CSV file.',
        { tryIt: 'Open the audit log', href: '/audit' },
      ],
    },
  ],
});

export const team: PageEntry = { slug: 'team', title: 'Team and roles', content };
