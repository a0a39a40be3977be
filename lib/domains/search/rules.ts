/** What is looked for, and who may see it. */
import type { Permission } from '@/lib/kernel/permissions';

/** Each kind with the permission of its own pages: what somebody may not see is not looked for. */
export const searchedKinds = {
  key: 'keys:read',
  run: 'runs:read',
  member: 'team:read',
  provider: 'providers:read',
  credential: 'providers:read',
  source: 'events:read',
  repository: 'pull-requests:read',
} as const satisfies Record<string, Permission>;

export type SearchedKind = keyof typeof searchedKinds;

/** What people read above the things of a kind. */
export const kindTitles: Record<SearchedKind, string> = {
  key: 'API keys',
  run: 'Runs',
  member: 'Members',
  provider: 'Providers',
  credential: 'Credentials',
  source: 'Event sources',
  repository: 'Repositories',
};

/** Of each kind: who needs more narrows what they typed. */
export const mostOfKind = 5;

/** Pipelines are looked for among the latest runs: older ones have the list with its filters. */
export const latestRuns = 2_000;
