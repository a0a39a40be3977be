/** What the portal's calls are about: the tags of its document and the pages of its reference, in their order. */

/** By the beginning of the path below /api; of several the longest has the call. */
export const portalSubjects: readonly { tag: string; title: string; paths: readonly string[] }[] = [
  { tag: 'keys', title: 'API keys', paths: ['keys'] },
  { tag: 'runs', title: 'Runs and checks', paths: ['runs'] },
  { tag: 'quotas', title: 'Usage', paths: ['quotas'] },
  { tag: 'providers', title: 'Providers', paths: ['providers'] },
  { tag: 'credentials', title: 'Credentials', paths: ['credentials'] },
  { tag: 'sources', title: 'Event sources', paths: ['sources'] },
  {
    tag: 'source-data',
    title: 'Data of a source',
    paths: ['events', 'arrivals', 'tables', 'changes', 'discards', 'dead-rows'].map(part => `sources/[id]/${part}`),
  },
  { tag: 'traces', title: 'AI usage', paths: ['traces'] },
  { tag: 'prices', title: 'AI prices and budgets', paths: ['traces/prices', 'traces/budgets', 'traces/retention'] },
  { tag: 'imports', title: 'AI imports', paths: ['traces/imports', 'traces/dead-rows'] },
  { tag: 'pull-requests', title: 'Pull requests', paths: ['pull-requests'] },
  { tag: 'people', title: 'Who is who', paths: ['pull-requests/people'] },
  { tag: 'repositories', title: 'Repositories', paths: ['pull-requests/repositories'] },
  { tag: 'agent-log', title: 'Agent log', paths: ['agent-log'] },
  { tag: 'desk', title: 'Query desk', paths: ['desk'] },
  { tag: 'desk-saved', title: 'Saved queries and caps', paths: ['desk/saved', 'desk/settings', 'desk/keys'] },
  { tag: 'team', title: 'Team', paths: ['team'] },
  { tag: 'subscriptions', title: 'Billing', paths: ['subscriptions'] },
  { tag: 'organizations', title: 'Organization', paths: ['organizations'] },
  { tag: 'notifications', title: 'Notifications', paths: ['notifications'] },
  { tag: 'search', title: 'Search', paths: ['search'] },
  { tag: 'audit', title: 'Audit log', paths: ['audit'] },
];

/** The tag of a path such as `keys/[id]/rotate`. */
export function tagOf(path: string): string {
  const [longest] = portalSubjects
    .flatMap(({ tag, paths }) => paths.map(beginning => ({ tag, beginning })))
    .filter(({ beginning }) => path === beginning || path.startsWith(`${beginning}/`))
    .sort((a, b) => b.beginning.length - a.beginning.length);
  if (!longest) throw new Error(`no subject has ${path}`);
  return longest.tag;
}
