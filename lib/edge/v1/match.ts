/** Finds the route of a method and path; the same router (Hono's) whichever server carries the request. */
import { RegExpRouter } from 'hono/router/reg-exp-router';
import type { V1Route } from '@/lib/edge/v1/define-route';

export type Matched = { route: V1Route; params: Record<string, string> };

export type Matcher = {
  /** The route, or the methods the path does know (empty when it knows none). HEAD is answered as GET. */
  match: (method: string, path: string) => Matched | { allowed: string[] };
};

/** `/v1/runs/{id}` as Hono writes it: `/v1/runs/:id`. */
export const honoPath = (path: string): string => path.replaceAll(/\{([a-z_]+)\}/g, ':$1');

/** Compiles the routes once. */
export function createMatcher(routes: readonly V1Route[]): Matcher {
  const router = new RegExpRouter<V1Route>();
  // Paths without a parameter apart: the router takes no `claim` beside `{pipeline_logging_id}`.
  const fixed = new Map<string, V1Route>();
  for (const route of routes) {
    if (route.path.includes('{')) router.add(route.method, honoPath(route.path), route);
    else fixed.set(`${route.method} ${route.path}`, route);
  }
  const methods = new Set<string>(routes.map(route => route.method));
  const find = (method: string, path: string): Matched | null => {
    if (!methods.has(method)) return null;
    const exact = fixed.get(`${method} ${path}`);
    if (exact) return { route: exact, params: {} };
    const [[found] = [], stash] = router.match(method, path);
    if (!found) return null;
    const [route, indexes] = found;
    const params: Record<string, string> = {};
    for (const [name, index] of Object.entries(indexes)) params[name] = decoded(stash?.[index as number] ?? '');
    return { route, params };
  };
  return {
    match(method, path) {
      const found = find(method === 'HEAD' ? 'GET' : method, path);
      if (found) return found;
      const allowed = [...methods].filter(other => find(other, path) !== null);
      return { allowed: allowed.includes('GET') ? [...allowed, 'HEAD'] : allowed };
    },
  };
}

/** A path segment decoded; one that cannot be is kept as it is and then matches no id. */
function decoded(segment: string): string {
  if (!segment.includes('%')) return segment;
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
