/** Where the anchors of the one page that /docs was have gone; problem documents of older versions name them. */
import type { Addresses } from '@/app/docs/_content/types';
import { callHref, dataPlaneCalls } from '@/app/docs/_reference/data-plane';
import { statusOfCode } from '@/lib/platform/errors';

const sections: Record<string, string> = {
  authentication: '/docs/authentication',
  'first-call': '/docs/quickstart#first-call',
  scopes: '/docs/authentication#scopes',
  roles: '/docs/team#roles',
  'rate-limits': '/docs/authentication#rate-limits',
  plans: '/docs/billing#plans',
  calls: '/docs/api',
  errors: '/docs/errors',
  help: '/docs/help',
};

/** Every anchor of old with the address it has now. */
export const oldPlaces = (at: Addresses): { id: string; href: string }[] => [
  ...Object.entries(sections).map(([id, href]) => ({ id, href })),
  ...Object.keys(statusOfCode).map(id => ({ id, href: `/docs/errors#${id}` })),
  ...dataPlaneCalls(at).map(call => ({ id: call.id, href: callHref(call) })),
];
