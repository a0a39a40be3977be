/** Which roles may do what a page is for, from the table that the server asks. */
import { formatList } from '@/app/_ui/format';
import { type Permission, permissions, type Role } from '@/lib/kernel/permissions';

const plurals: Record<Role, string> = {
  OWNER: 'owners',
  ADMIN: 'admins',
  COLLABORATOR: 'collaborators',
  VIEWER: 'viewers',
};

/** "Owners and admins create API keys." */
export function whoCan(permission: Permission, what: string): string {
  const { roles } = permissions[permission];
  const who =
    roles.length === Object.keys(plurals).length ? 'all members' : formatList(roles.map(role => plurals[role]));
  return `${who.charAt(0).toUpperCase()}${who.slice(1)} ${what}.`;
}
