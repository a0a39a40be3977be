/** Who may do what: one table from permission to roles and to API key scopes. Source: docs/architecture.md, Roles. */

export const roles = ['OWNER', 'ADMIN', 'COLLABORATOR', 'VIEWER'] as const;
export type Role = (typeof roles)[number];

type Grant = {
  roles: readonly Role[];
  /** Which keys may carry it as a scope: a customer's, only the operator's service keys, or none. */
  scope: 'customer' | 'service' | 'none';
  description: string;
};

const everyone = roles;
const builders = ['OWNER', 'ADMIN', 'COLLABORATOR'] as const;
const admins = ['OWNER', 'ADMIN'] as const;
const owners = ['OWNER'] as const;

export const permissions = {
  'runs:read': {
    roles: everyone,
    scope: 'customer',
    description: 'See pipeline runs, steps and data-quality results.',
  },
  'runs:write': { roles: builders, scope: 'customer', description: 'Start, extend and complete pipeline runs.' },
  'quota:read': { roles: everyone, scope: 'customer', description: 'See use and limits.' },
  'keys:read': { roles: everyone, scope: 'customer', description: 'List API keys; never their secrets.' },
  'keys:write': { roles: admins, scope: 'customer', description: 'Create, rename, rotate and revoke API keys.' },
  'team:read': { roles: everyone, scope: 'customer', description: 'List members and seats.' },
  'team:write': { roles: admins, scope: 'customer', description: 'Invite and remove members, change roles.' },
  'providers:read': {
    roles: everyone,
    scope: 'customer',
    description: 'See provider configs, and the health of credentials.',
  },
  'providers:write': { roles: builders, scope: 'customer', description: 'Change provider configs.' },
  'credentials:read': { roles: builders, scope: 'customer', description: 'Fetch stored credentials.' },
  'credentials:write': {
    roles: admins,
    scope: 'customer',
    description: 'Store, replace and delete cloud credentials.',
  },
  'events:read': {
    roles: everyone,
    scope: 'customer',
    description: 'See event sources, what became of each event, tables and volume.',
  },
  'events:write': {
    roles: builders,
    scope: 'customer',
    description: 'Create and change event sources and their write keys, replay discarded values.',
  },
  'traces:read': {
    roles: everyone,
    scope: 'customer',
    description: 'See AI usage: sessions, models, imports and prices.',
  },
  'traces:write': { roles: builders, scope: 'customer', description: 'Send traces of AI usage.' },
  'prices:write': {
    roles: admins,
    scope: 'customer',
    description: 'Change the prices by which AI usage is valued.',
  },
  'budgets:write': { roles: admins, scope: 'customer', description: 'Set budgets of AI usage.' },
  'agent-log:read': {
    roles: everyone,
    scope: 'customer',
    description: 'See the agent log: sessions, what was said in them, tools and snapshots.',
  },
  'agent-log:write': { roles: builders, scope: 'customer', description: 'Send events and snapshots to the agent log.' },
  'agent-log:manage': { roles: admins, scope: 'none', description: 'Set what the agent log masks before it keeps it.' },
  'agent-log:erase': { roles: owners, scope: 'none', description: 'Erase a user from the agent log.' },
  'desk:query': {
    roles: builders,
    scope: 'customer',
    description:
      'Ask the organization’s own data by SQL, within its budget of bytes: reads all metadata, AI usage, agent log and events as they are kept, whatever other scopes the key has. Saves and deletes queries kept by name.',
  },
  'desk:manage': { roles: admins, scope: 'none', description: 'Set how many bytes queries may bill.' },
  'pull-requests:read': {
    roles: everyone,
    scope: 'customer',
    description: 'See pull requests, what AI cost on them, repositories and people.',
  },
  'pull-requests:write': {
    roles: builders,
    scope: 'customer',
    description: 'Connect GitHub repositories, say which account a developer is.',
  },
  'billing:read': { roles: everyone, scope: 'customer', description: 'See plan, use and limits.' },
  'billing:write': { roles: admins, scope: 'none', description: 'Change the plan, see invoices.' },
  'audit:read': { roles: admins, scope: 'none', description: 'Read the audit log.' },
  'organization:read': { roles: everyone, scope: 'none', description: 'See the organization.' },
  'organization:write': { roles: admins, scope: 'none', description: 'Change the organization’s settings.' },
  'organization:create': { roles: everyone, scope: 'none', description: 'Open another organization.' },
  'organization:delete': { roles: owners, scope: 'none', description: 'Transfer ownership, delete the organization.' },
  'profile:write': { roles: everyone, scope: 'none', description: 'Change one’s own profile and leave.' },
  'keys:verify': { roles: [], scope: 'service', description: 'Check any customer’s key.' },
  'runs:any': {
    roles: [],
    scope: 'service',
    description: 'Start and complete runs for a named customer, and read its provider configs.',
  },
  'staff:read': { roles: [], scope: 'none', description: 'Support console: read across customers.' },
  'staff:write': { roles: [], scope: 'none', description: 'Support console: change limits, trials, service keys.' },
} as const satisfies Record<string, Grant>;

export type Permission = keyof typeof permissions;

/** Scopes a customer's key may carry. */
export const customerScopes = names(grant => grant.scope === 'customer');
/** Scopes only the operator's service keys may carry; they may carry the customers' too. */
export const serviceScopes = names(grant => grant.scope === 'customer' || grant.scope === 'service');

function names(keep: (grant: Grant) => boolean): Permission[] {
  return (Object.keys(permissions) as Permission[]).filter(name => keep(permissions[name]));
}

/** True when the role has the permission. */
export const roleHas = (role: Role, permission: Permission): boolean =>
  (permissions[permission].roles as readonly Role[]).includes(role);

/** One line a role, for pages and docs. */
export const roleDescriptions: Record<Role, string> = {
  OWNER: 'Everything, including ownership and deletion. At least one stays.',
  ADMIN: 'Everything except ownership and deletion.',
  COLLABORATOR: 'Runs pipelines, provider configs and event sources; reads the rest.',
  VIEWER: 'Reads; sees no secrets, invoices or audit log.',
};
