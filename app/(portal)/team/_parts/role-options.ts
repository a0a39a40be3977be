/** Roles as a form offers them, each with its line from the permission table. */
import type { Option } from '@/app/_ui/field';
import { roleWords } from '@/lib/domains/team/rules';
import { type Role, roleDescriptions } from '@/lib/kernel/permissions';

export const roleOptions = (offered: readonly Role[]): Option[] =>
  offered.map(role => ({ value: role, label: roleWords[role], help: roleDescriptions[role] }));
