/** The settings pages there are, and who has which. */
import type { Permission } from '@/lib/kernel/permissions';

type Tab = { id: string; label: string; permission: Permission };

/** The settings pages there are, in order; one that needs a permission is no tab for people without it. */
export const settingsTabs = [
  { id: 'profile', label: 'Profile', permission: 'profile:write' },
  { id: 'notifications', label: 'Notifications', permission: 'profile:write' },
  { id: 'organization', label: 'Organization', permission: 'organization:write' },
  { id: 'retention', label: 'Data retention', permission: 'traces:read' },
  { id: 'danger', label: 'Danger zone', permission: 'organization:write' },
] as const satisfies readonly Tab[];

export type SettingsTab = (typeof settingsTabs)[number]['id'];

/** The address of a settings page. */
export const settingsPath = (id: SettingsTab): string => `/settings/${id}`;

/** Where the section begins; the first tab is one that every role has. */
export const firstSettingsPath = settingsPath(settingsTabs[0].id);
